namespace Wetware.Generator.Request;

/// <summary>The input is not a CodeGeneratorRequest that this generator can use; the message is for the person who ran it.</summary>
internal sealed class RequestException(string message) : Exception(message);

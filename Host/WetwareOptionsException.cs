namespace Wetware.Host;

/// <summary>An option that cannot work; the message is one line that says which, and what to do.</summary>
public sealed class WetwareOptionsException(string message) : Exception(message);

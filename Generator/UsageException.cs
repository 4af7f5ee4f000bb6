namespace Wetware.Generator;

/// <summary>The command line makes no sense; the message is for the person who wrote it.</summary>
internal sealed class UsageException(string message) : Exception(message);

namespace Wetware.Fuzz.Processes;

/// <summary>Something that must not happen did; the message says what.</summary>
internal sealed class ProcessFailure(string message) : Exception(message);

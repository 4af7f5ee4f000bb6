namespace Wetware.Queue;

/// <summary>Bytes that are not a whole, intact snapshot of a queue machine.</summary>
/// <param name="message">What is wrong with them.</param>
public sealed class QueueSnapshotException(string message) : Exception(message);

namespace Wetware.Protocol.Queues;

/// <summary>What one operation of a transaction did.</summary>
/// <param name="Outcome">Whether an enqueue was accepted; Done for every other operation.</param>
/// <param name="Offset">The offset of an accepted message.</param>
public readonly record struct OperationResult(OperationOutcome Outcome, ulong Offset);

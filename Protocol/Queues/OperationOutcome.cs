namespace Wetware.Protocol.Queues;

/// <summary>What one operation of a transaction that went through did.</summary>
public enum OperationOutcome
{
    /// <summary>Done; for an enqueue: accepted at the given offset.</summary>
    Done = 0,

    /// <summary>The key had been accepted before; nothing was added.</summary>
    Duplicate = 1,

    /// <summary>The topic has accepted all it may; nothing was added.</summary>
    LimitReached = 2,
}

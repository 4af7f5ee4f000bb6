namespace Wetware.Protocol.Queues;

/// <summary>What one operation of a transaction does.</summary>
public enum OperationKind
{
    /// <summary>Adds a message.</summary>
    Enqueue = 0,

    /// <summary>Ends a lease: the work is done.</summary>
    Ack = 1,

    /// <summary>Hands a lease back.</summary>
    Nack = 2,

    /// <summary>Makes a lease last longer.</summary>
    Extend = 3,

    /// <summary>Gives a dead message all its attempts again.</summary>
    Revive = 4,

    /// <summary>Removes a dead message.</summary>
    Drop = 5,
}

namespace Wetware.Protocol.Queues;

/// <summary>What a query asks.</summary>
public enum QueryKind
{
    /// <summary>A topic's number by its name.</summary>
    Find = 0,

    /// <summary>A topic's counts.</summary>
    Stats = 1,

    /// <summary>Messages from an offset on, without a lease.</summary>
    Scan = 2,

    /// <summary>All topics.</summary>
    Topics = 3,
}

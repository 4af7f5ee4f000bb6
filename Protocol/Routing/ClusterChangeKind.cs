namespace Wetware.Protocol.Routing;

/// <summary>How what a query yields has changed.</summary>
public enum ClusterChangeKind
{
    /// <summary>A peer is in the answer that was not.</summary>
    Joined,

    /// <summary>A peer of the answer says something else of itself, or has restarted.</summary>
    Updated,

    /// <summary>A peer is not in the answer any more: it is gone, or does not match, or is beyond the limit.</summary>
    Left,
}

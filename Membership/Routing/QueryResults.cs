using Wetware.Protocol.Routing;

namespace Wetware.Membership.Routing;

/// <summary>The records that a query means in a snapshot, to be walked with <c>foreach</c>, as often as wanted.</summary>
public readonly struct QueryResults
{
    private readonly RoutingSnapshot _snapshot;
    private readonly Query _query;

    internal QueryResults(RoutingSnapshot snapshot, Query query)
    {
        _snapshot = snapshot;
        _query = query;
    }

    /// <summary>Starts a walk, without allocation.</summary>
    public QueryEnumerator GetEnumerator() => new(_snapshot, _query);
}

using Wetware.Protocol.Routing;

namespace Wetware.Membership.Routing;

/// <summary>Asks of single records whether a query means them.</summary>
internal static class QueryFilter
{
    /// <summary>Whether a walk comes by a record: it has a key of the index between the start and the end. The limit is not asked.</summary>
    public static bool Includes(this Query query, in PeerRecord record)
    {
        var profile = record.Profile;
        switch (query.Kind)
        {
            case IndexKind.Peer:
                return query.Includes(profile.Name);
            case IndexKind.Server:
                return query.IsWithin(query.Start?.Order(record.Server.Value) ?? 0, query.End?.Order(record.Server.Value) ?? 0);
            case IndexKind.Host:
                return profile.Host is { } host && query.Includes(host);
            default:
                foreach (var label in profile.Meta)
                {
                    if (query.Includes(label))
                    {
                        return true;
                    }
                }

                return false;
        }
    }

    private static bool Includes(this Query query, Label key) => query.IsWithin(query.Start?.Order(key, key.Head) ?? 0, query.End?.Order(key, key.Head) ?? 0);

    private static bool IsWithin(this Query query, int toStart, int toEnd) => query.IsReverse ? toStart <= 0 && toEnd >= 0 : toStart >= 0 && toEnd <= 0;
}

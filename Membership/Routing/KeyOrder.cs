using Wetware.Protocol.Routing;

namespace Wetware.Membership.Routing;

/// <summary>Where rows of an index lie, seen from a key of a query.</summary>
internal static class KeyOrder
{
    /// <summary>Negative if the row is before everything this key means, positive if after, zero if it is meant.</summary>
    public static int Order(this IndexKey key, in IndexEntry entry)
    {
        if (key.Kind == IndexKind.Server)
        {
            return key.Order(entry.Head);
        }

        var byPeer = key.Kind == IndexKind.Peer;
        return key.Order(byPeer ? entry.Peer : entry.Key!, byPeer ? entry.PeerHead : entry.Head);
    }

    /// <inheritdoc cref="Order(IndexKey, in IndexEntry)"/>
    public static int Order(this IndexKey key, Label label, ulong head)
    {
        var masked = head & key.Mask;
        if (masked != key.Head)
        {
            return masked < key.Head ? -1 : 1;
        }

        var wanted = key.Bytes;
        if (wanted.Length <= sizeof(ulong) && key.IsPrefix)
        {
            return 0;
        }

        var bytes = label.Bytes;
        return (key.IsPrefix && bytes.Length > wanted.Length ? bytes[..wanted.Length] : bytes).SequenceCompareTo(wanted);
    }

    /// <summary>The same for a server id.</summary>
    public static int Order(this IndexKey key, ulong server) => (server & key.Mask).CompareTo(key.Head);
}

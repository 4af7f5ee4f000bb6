using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Protocol.Wire;

namespace Wetware.Protocol.Routing;

/// <summary>Reads the records of the routing table that a node sends.</summary>
internal static class RecordCodec
{
    /// <summary>Reads a change that a node sent; null if it is of a kind that is not known here.</summary>
    public static ClusterChange? Read(Change.Reader wire) => wire.Which switch
    {
        Change.Which.Joined => new ClusterChange(ClusterChangeKind.Joined, Read(wire.Joined)),
        Change.Which.Updated => new ClusterChange(ClusterChangeKind.Updated, Read(wire.Updated)),
        Change.Which.Left => new ClusterChange(ClusterChangeKind.Left, Read(wire.Left)),
        _ => null,
    };

    /// <summary>Reads a record that a node sent. Addresses of protocols that are not known here are left out.</summary>
    public static ClusterRecord Read(Record.Reader wire)
    {
        var meta = new string[wire.Meta.Count];
        for (var i = 0; i < meta.Length; i++)
        {
            meta[i] = wire.Meta[i].ToString();
        }

        var addresses = new List<Multiaddr>();
        foreach (var bytes in wire.Addrs)
        {
            if (Multiaddr.TryFromBytes(bytes.Span, out var address))
            {
                addresses.Add(address);
            }
        }

        return new ClusterRecord(
            PeerId.TryFromBytes(wire.Peer.Utf8, out var peer) ? peer : PeerId.None,
            new ServerId(wire.Server),
            wire.Seq,
            TimeSpan.FromMilliseconds(wire.Ttl),
            wire.Host.ToString(),
            meta,
            addresses);
    }
}

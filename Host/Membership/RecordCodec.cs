using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Client;
using Wetware.Membership.Routing;
using Wire = Wetware.Host.Protocol;

namespace Wetware.Host.Membership;

/// <summary>Records of the routing table on the wire.</summary>
internal static class RecordCodec
{
    public static void Write(Wire.Record.Builder wire, in PeerRecord record)
    {
        var profile = record.Profile;
        wire.SetPeer(profile.Peer.Bytes);
        wire.Server = record.Server.Value;
        wire.Seq = record.Seq;
        wire.Ttl = record.TtlMs;
        if (profile.Host is { } host)
        {
            wire.SetHost(host.Bytes);
        }

        if (profile.Meta.Length > 0)
        {
            var meta = wire.InitMeta(profile.Meta.Length);
            for (var i = 0; i < profile.Meta.Length; i++)
            {
                meta.SetText(i, profile.Meta[i].Bytes);
            }
        }

        if (profile.Addresses.Length > 0)
        {
            var addresses = wire.InitAddrs(profile.Addresses.Length);
            for (var i = 0; i < profile.Addresses.Length; i++)
            {
                addresses.SetData(i, profile.Addresses[i].Bytes);
            }
        }
    }

    public static void Write(Wire.Change.Builder wire, in AnswerChange change)
    {
        var record = change.Kind switch
        {
            AnswerChangeKind.Joined => wire.InitJoined(),
            AnswerChangeKind.Updated => wire.InitUpdated(),
            _ => wire.InitLeft(),
        };
        Write(record, change.Record);
    }

    /// <summary>Reads a change that a node sent; null if it is of a kind that is not known here.</summary>
    public static ClusterChange? Read(Wire.Change.Reader wire) => wire.Which switch
    {
        Wire.Change.Which.Joined => new ClusterChange(ClusterChangeKind.Joined, Read(wire.Joined)),
        Wire.Change.Which.Updated => new ClusterChange(ClusterChangeKind.Updated, Read(wire.Updated)),
        Wire.Change.Which.Left => new ClusterChange(ClusterChangeKind.Left, Read(wire.Left)),
        _ => null,
    };

    /// <summary>Reads a record that a node sent. Addresses of protocols that are not known here are left out.</summary>
    public static ClusterRecord Read(Wire.Record.Reader wire)
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

using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Host.Services.View;

/// <summary>Writes records of the routing table to the wire.</summary>
internal static class RecordWriter
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
}

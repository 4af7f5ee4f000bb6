using System.Globalization;
using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Membership.Tests.Routing;

/// <summary>Peers and records that tests make up.</summary>
internal static class Peers
{
    internal static PeerId Number(int n)
    {
        var key = new byte[64];
        BitConverter.TryWriteBytes(key, n);
        return PeerId.FromPublicKey(key);
    }

    internal static PeerRecord Record(int peer, ulong seq = 1, ulong server = 1, uint ttl = 10_000, string host = "", params string[] meta) =>
        new(Profile.Create(Number(peer), host, meta, []), new ServerId(server), seq, ttl);

    internal static string Describe(in PeerRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{record.Peer} {record.Server} {record.Seq} {record.TtlMs} {record.Profile.Host} [{string.Join(' ', record.Profile.Meta.ToArray().Select(l => l.ToString()))}]");

    internal static List<PeerRecord> All(RoutingSnapshot snapshot, Query query)
    {
        var records = new List<PeerRecord>();
        foreach (ref readonly var record in snapshot.Select(query))
        {
            records.Add(record);
        }

        return records;
    }
}

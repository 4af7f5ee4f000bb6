using System.Text;
using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Membership.Tests.Routing;

/// <summary>A routing table that is obviously right: a dictionary that is sorted anew for every question.</summary>
internal sealed class TableModel
{
    private readonly Dictionary<PeerId, (PeerRecord Record, ulong Deadline)> _records = [];

    internal int Count => _records.Count;

    internal TableModel Clone()
    {
        var clone = new TableModel();
        foreach (var (peer, row) in _records)
        {
            clone._records[peer] = row;
        }

        return clone;
    }

    internal UpsertResult Upsert(PeerRecord record, ulong now)
    {
        var known = _records.TryGetValue(record.Peer, out var old);
        if (known && (record.Seq < old.Record.Seq || (record.Seq == old.Record.Seq && record.Server <= old.Record.Server)))
        {
            return UpsertResult.Stale;
        }

        _records[record.Peer] = (record, now + record.TtlMs);
        return known ? UpsertResult.Updated : UpsertResult.Added;
    }

    internal bool Remove(PeerId peer) => _records.Remove(peer);

    internal HashSet<PeerId> Expire(ulong now)
    {
        var gone = _records.Where(row => row.Value.Deadline <= now).Select(row => row.Key).ToHashSet();
        foreach (var peer in gone)
        {
            _records.Remove(peer);
        }

        return gone;
    }

    internal List<PeerRecord> Select(Query query)
    {
        var rows = from row in _records.Values
                   from key in Keys(row.Record, query.Kind)
                   select (Key: key, Name: row.Record.Profile.Name.ToString(), row.Record);
        var ordered = rows.OrderBy(r => r.Key, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        if (query.IsReverse)
        {
            ordered.Reverse();
        }

        var seen = new HashSet<PeerId>();
        return
        [
            .. ordered.Where(r => IsFrom(r.Key, query) && IsTo(r.Key, query))
                .Where(r => seen.Add(r.Record.Peer))
                .Select(r => r.Record)
                .Take((int)Math.Min(query.Limit, int.MaxValue)),
        ];
    }

    private static bool IsFrom(string key, Query query) =>
        query.Start is null || (query.IsReverse ? Order(key, query.Start) <= 0 : Order(key, query.Start) >= 0);

    private static bool IsTo(string key, Query query) =>
        query.End is null || (query.IsReverse ? Order(key, query.End) >= 0 : Order(key, query.End) <= 0);

    private static int Order(string key, IndexKey operand)
    {
        var text = Encoding.UTF8.GetString(operand.Bytes);
        return operand.IsPrefix && key.StartsWith(text, StringComparison.Ordinal) ? 0 : string.CompareOrdinal(key, text);
    }

    private static IEnumerable<string> Keys(PeerRecord record, IndexKind kind) => kind switch
    {
        IndexKind.Peer => [record.Profile.Name.ToString()],
        IndexKind.Server => [record.Server.ToString()],
        IndexKind.Host => record.Profile.Host is { } host ? [host.ToString()] : [],
        _ => record.Profile.Meta.ToArray().Select(label => label.ToString()),
    };
}

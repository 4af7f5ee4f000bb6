using System.Runtime.InteropServices;
using Wetware.Core;

namespace Wetware.Membership.Routing;

/// <summary>
/// What a node believes of every peer: at most one record each, indexed by peer, server, host and label, and forgotten when it has not
/// been renewed for its TTL. Driven by one thread; its snapshots may be read by any. Time is in milliseconds of a clock that does
/// not go back. Replacing a record by a newer one that says the same of the peer touches no index and allocates nothing.
/// </summary>
public sealed class RoutingTable
{
    /// <summary>From so many expired records on, which are at least one of so many, the indexes are walked once instead of searched for each.</summary>
    private const int BulkMin = 64;
    private const int BulkShare = 16;

    private readonly Dictionary<PeerId, int> _slots = [];
    private readonly TimingWheel _deadlines;
    private readonly int _recordsMax;
    private SlotStore _records;
    private OrderedIndex _byPeer;
    private OrderedIndex _byServer;
    private OrderedIndex _byHost;
    private OrderedIndex _byMeta;
    private Label[] _names = [];
    private int[] _free = [];
    private int[] _expired = [];
    private bool[] _marked = [];
    private int _freeCount;
    private int _expiredCount;
    private int _used;
    private ulong _epoch = 1;
    private bool _changed;

    /// <summary>An empty table.</summary>
    /// <param name="now">The present, in milliseconds.</param>
    /// <param name="recordsMax">A record of a peer beyond so many is refused.</param>
    public RoutingTable(ulong now = 0, int recordsMax = Limits.RecordsMax)
    {
        Invariant.Check(recordsMax is > 0 and <= Limits.RecordsMax && Limits.RecordsMax <= SlotStore.SlotsMax);
        _recordsMax = recordsMax;
        _deadlines = new TimingWheel(now);
    }

    /// <summary>How many records there are.</summary>
    public int Count => _slots.Count;

    /// <summary>Offers a record; it is taken if it <see cref="PeerRecord.Supersedes"/> what the table has of its peer, and then counts for its TTL.</summary>
    /// <param name="record">A TTL of zero means the default; one above the limit means the limit.</param>
    /// <param name="now">The present, in milliseconds.</param>
    public UpsertResult Upsert(in PeerRecord record, ulong now)
    {
        var profile = record.Profile;
        if (!_slots.TryGetValue(profile.Peer, out var slot))
        {
            return Add(in record, now);
        }

        ref readonly var old = ref _records.Read(slot);
        if (PeerRecord.CompareAge(record.Seq, record.Server, old.Seq, old.Server) <= 0)
        {
            return UpsertResult.Stale;
        }

        if (record.Server != old.Server || !ReferenceEquals(profile, old.Profile))
        {
            Reindex(slot, old, in record);
        }

        Write(slot, in record, now);
        return UpsertResult.Updated;
    }

    /// <summary>Lets a record count for another TTL from <paramref name="now"/> on; false if there is none of that peer.</summary>
    public bool Renew(in PeerId peer, ulong now)
    {
        if (!_slots.TryGetValue(peer, out var slot))
        {
            return false;
        }

        _deadlines.Set(slot, now + _records.Read(slot).TtlMs);
        return true;
    }

    /// <summary>The record of a peer; false if there is none.</summary>
    public bool TryGet(in PeerId peer, out PeerRecord record)
    {
        if (_slots.TryGetValue(peer, out var slot))
        {
            record = _records.Read(slot);
            return true;
        }

        record = default;
        return false;
    }

    /// <summary>Forgets a peer; false if there was no record of it.</summary>
    public bool Remove(in PeerId peer, out PeerRecord removed)
    {
        if (!_slots.TryGetValue(peer, out var slot))
        {
            removed = default;
            return false;
        }

        _deadlines.Cancel(slot);
        removed = Release(slot);
        return true;
    }

    /// <summary>
    /// Moves time to <paramref name="now"/>, forgets every record whose TTL has passed, and hands them out one by one; call until it
    /// returns false.
    /// </summary>
    public bool TryExpire(ulong now, out PeerRecord expired)
    {
        if (_expiredCount == 0 && !Expire(now))
        {
            expired = default;
            return false;
        }

        var slot = _expired[--_expiredCount];
        expired = _records.Read(slot);
        Free(slot);
        return true;
    }

    /// <summary>The table as it is now, for good. What changes afterwards is copied first, so take one per query, not per record.</summary>
    public RoutingSnapshot Snapshot()
    {
        if (_changed)
        {
            _epoch++;
            _changed = false;
        }

        return new RoutingSnapshot(_records, Count, _byPeer.Root, _byServer.Root, _byHost.Root, _byMeta.Root);
    }

    private UpsertResult Add(in PeerRecord record, ulong now)
    {
        if (Count >= _recordsMax)
        {
            return UpsertResult.Full;
        }

        _changed = true;
        var slot = TakeSlot();
        var profile = record.Profile;
        var name = profile.Name;
        _names[slot] = name;
        CollectionsMarshal.GetValueRefOrAddDefault(_slots, profile.Peer, out _) = slot;
        _byPeer.Add(new IndexEntry(0, name, slot), _epoch);
        _byServer.Add(new IndexEntry(record.Server.Value, name, slot), _epoch);
        AddLabel(ref _byHost, profile.Host, slot);
        foreach (var label in profile.Meta)
        {
            AddLabel(ref _byMeta, label, slot);
        }

        Write(slot, in record, now);
        return UpsertResult.Added;
    }

    private void Write(int slot, in PeerRecord record, ulong now)
    {
        _changed = true;
        var ttl = record.TtlMs == 0 ? Limits.TtlMsDefault : Math.Min(record.TtlMs, Limits.TtlMsMax);
        _records.Edit(slot, _epoch) = record with { TtlMs = ttl };
        _deadlines.Set(slot, now + ttl);
    }

    private PeerRecord Release(int slot)
    {
        var record = _records.Read(slot);
        Unindex(slot, in record);
        Forget(slot, in record);
        Free(slot);
        return record;
    }

    /// <summary>Takes everything that is due out of the indexes; the records stay in their slots until they are handed out.</summary>
    private bool Expire(ulong now)
    {
        while (_deadlines.TryExpire(now, out var due))
        {
            _expired[_expiredCount++] = due;
        }

        var slots = _expired.AsSpan(0, _expiredCount);
        var isBulk = slots.Length >= BulkMin && slots.Length >= Count / BulkShare;
        foreach (var slot in slots)
        {
            ref readonly var record = ref _records.Read(slot);
            if (isBulk)
            {
                _marked[slot] = true;
            }
            else
            {
                Unindex(slot, in record);
            }

            Forget(slot, in record);
        }

        if (isBulk)
        {
            _byPeer.RemoveMarked(_marked, _epoch);
            _byServer.RemoveMarked(_marked, _epoch);
            _byHost.RemoveMarked(_marked, _epoch);
            _byMeta.RemoveMarked(_marked, _epoch);
            foreach (var slot in slots)
            {
                _marked[slot] = false;
            }
        }

        // Handed out in the order in which they were due.
        slots.Reverse();
        return slots.Length > 0;
    }

    private void Unindex(int slot, in PeerRecord record)
    {
        var name = _names[slot];
        _byPeer.Remove(new IndexEntry(0, name, slot), _epoch);
        _byServer.Remove(new IndexEntry(record.Server.Value, name, slot), _epoch);
        RemoveLabel(ref _byHost, record.Profile.Host, slot);
        foreach (var label in record.Profile.Meta)
        {
            RemoveLabel(ref _byMeta, label, slot);
        }
    }

    private void Forget(int slot, in PeerRecord record)
    {
        _changed = true;
        var known = _slots.Remove(record.Peer, out var found);
        Invariant.Check(known && found == slot);
    }

    private void Free(int slot)
    {
        _changed = true;
        _records.Edit(slot, _epoch) = default;
        _names[slot] = null!;
        _free[_freeCount++] = slot;
    }

    /// <summary>Moves the rows of the keys that differ, and only those.</summary>
    private void Reindex(int slot, PeerRecord old, in PeerRecord record)
    {
        _changed = true;
        if (old.Server != record.Server)
        {
            _byServer.Remove(new IndexEntry(old.Server.Value, _names[slot], slot), _epoch);
            _byServer.Add(new IndexEntry(record.Server.Value, _names[slot], slot), _epoch);
        }

        if (ReferenceEquals(old.Profile, record.Profile))
        {
            return;
        }

        var (before, after) = (old.Profile.Host, record.Profile.Host);
        if (Label.Compare(before, after) != 0)
        {
            RemoveLabel(ref _byHost, before, slot);
            AddLabel(ref _byHost, after, slot);
        }

        ReindexMeta(slot, old.Profile.Meta, record.Profile.Meta);
    }

    private void ReindexMeta(int slot, ReadOnlySpan<Label> before, ReadOnlySpan<Label> after)
    {
        // Both are sorted: one pass finds what is only in one of them.
        var (i, j) = (0, 0);
        while (i < before.Length || j < after.Length)
        {
            var order = i == before.Length ? 1 : j == after.Length ? -1 : Label.Compare(before[i], after[j]);
            if (order < 0)
            {
                RemoveLabel(ref _byMeta, before[i], slot);
            }
            else if (order > 0)
            {
                AddLabel(ref _byMeta, after[j], slot);
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
    }

    private void AddLabel(ref OrderedIndex index, Label? label, int slot)
    {
        if (label is not null)
        {
            index.Add(new IndexEntry(label, _names[slot], slot), _epoch);
        }
    }

    private void RemoveLabel(ref OrderedIndex index, Label? label, int slot)
    {
        if (label is not null)
        {
            index.Remove(new IndexEntry(label, _names[slot], slot), _epoch);
        }
    }

    private int TakeSlot()
    {
        if (_freeCount > 0)
        {
            return _free[--_freeCount];
        }

        if (_used == _names.Length)
        {
            var capacity = Math.Max(16, _used * 2);
            Array.Resize(ref _names, capacity);
            Array.Resize(ref _free, capacity);
            Array.Resize(ref _expired, capacity);
            Array.Resize(ref _marked, capacity);
        }

        return _used++;
    }
}

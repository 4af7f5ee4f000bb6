using System.Runtime.CompilerServices;
using Wetware.Core;
using Wetware.Protocol.Routing;

namespace Wetware.Membership.Routing;

/// <summary>
/// One walk over an index. A mutable struct that holds its own path, so that a walk allocates nothing; keep it in one place. It can
/// be kept for as long as wanted and resumed: the snapshot under it does not change.
/// </summary>
public struct QueryEnumerator
{
    /// <summary>Enough for any table: a tree of 2^21 rows and labels whose nodes are a quarter full is eight deep.</summary>
    private const int DepthMax = 16;

    private readonly SlotStore _records;
    private readonly IndexKey? _start;
    private readonly IndexKey? _end;
    private readonly bool _reverse;
    private readonly bool _mayRepeat;
    private long _left;
    private int _depth;
    private Nodes _nodes;
    private Positions _positions;
    private IndexNode? _leaf;
    private int _at;
    private int _slot;

    internal QueryEnumerator(in RoutingSnapshot snapshot, Query query)
    {
        this = default;
        _records = snapshot.Records;
        _reverse = query.IsReverse;
        _start = query.Start;
        _end = query.End;
        _left = query.Limit;
        var exact = ReferenceEquals(_start, _end) && _start is { IsPrefix: false };
        _mayRepeat = query.Kind == IndexKind.Meta && !exact;
        if (snapshot.Root(query.Kind) is { } root)
        {
            Seek(root);
        }
    }

    /// <summary>The record that the last <see cref="MoveNext"/> found.</summary>
    public readonly ref readonly PeerRecord Current => ref _records.Read(_slot);

    /// <summary>Moves to the next record; false at the end, for good.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        while (_leaf is not null)
        {
            _at += _reverse ? -1 : 1;
            if ((uint)_at >= (uint)_leaf.Count && !NextLeaf())
            {
                return false;
            }

            ref readonly var entry = ref _leaf.Entries[_at];
            if (_left == 0 || (_end is not null && IsPastEnd(in entry)))
            {
                _leaf = null;
                return false;
            }

            _slot = entry.Slot;
            if (_mayRepeat && IsRepeat(in entry))
            {
                continue;
            }

            _left--;
            return true;
        }

        return false;
    }

    private readonly bool IsPastEnd(in IndexEntry entry)
    {
        var order = _end!.Order(in entry);
        return _reverse ? order < 0 : order > 0;
    }

    /// <summary>Whether an earlier row of this walk was of the same record, under another of its labels.</summary>
    private readonly bool IsRepeat(in IndexEntry entry)
    {
        foreach (var label in _records.Read(_slot).Profile.Meta)
        {
            var order = Label.Compare(label, entry.Key);
            var came = _reverse ? order > 0 : order < 0;
            if (came && (_start is null || (_reverse ? _start.Order(label, label.Head) <= 0 : _start.Order(label, label.Head) >= 0)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds the place just before the first row of the walk.</summary>
    private void Seek(IndexNode node)
    {
        while (!node.IsLeaf)
        {
            var rows = RowsBefore(node);
            Push(node, Math.Max(rows - 1, 0));
            node = node.Children![Math.Max(rows - 1, 0)];
        }

        _leaf = node;
        _at = RowsBefore(node) - (_reverse ? 0 : 1);
    }

    /// <summary>Forward, the rows before the start; in reverse, the rows up to and including it.</summary>
    private readonly int RowsBefore(IndexNode node) =>
        _start is null ? (_reverse ? node.Count : 0) : node.Bound(_start, pastEqual: _reverse);

    private bool NextLeaf()
    {
        while (_depth > 0)
        {
            var node = _nodes[_depth - 1]!;
            var at = _positions[_depth - 1] + (_reverse ? -1 : 1);
            if ((uint)at >= (uint)node.Count)
            {
                _depth--;
                continue;
            }

            _positions[_depth - 1] = at;
            Descend(node.Children![at]);
            return true;
        }

        _leaf = null;
        return false;
    }

    private void Descend(IndexNode node)
    {
        while (!node.IsLeaf)
        {
            var at = _reverse ? node.Count - 1 : 0;
            Push(node, at);
            node = node.Children![at];
        }

        _leaf = node;
        _at = _reverse ? node.Count - 1 : 0;
    }

    private void Push(IndexNode node, int at)
    {
        Invariant.Check(_depth < DepthMax);
        _nodes[_depth] = node;
        _positions[_depth] = at;
        _depth++;
    }

    [InlineArray(DepthMax)]
    private struct Nodes
    {
        private IndexNode? _first;
    }

    [InlineArray(DepthMax)]
    private struct Positions
    {
        private int _first;
    }
}

using Wetware.Core;
using Wetware.Protocol.Routing;

namespace Wetware.Membership.Routing;

/// <summary>
/// A node of an <see cref="OrderedIndex"/>. A leaf holds rows; an inner node holds children, each under a row that is not above
/// the child's first and is above the previous child's last. A node may be changed in place only in the epoch that made it.
/// Invariant: the rows ascend strictly.
/// </summary>
internal sealed class IndexNode
{
    internal const int Capacity = 32;

    internal readonly IndexEntry[] Entries = new IndexEntry[Capacity];
    internal readonly IndexNode[]? Children;
    internal ulong Epoch;
    internal int Count;

    /// <summary>The next of the nodes that wait to be used again.</summary>
    internal IndexNode? NextSpare;

    internal IndexNode(bool leaf, ulong epoch)
    {
        Children = leaf ? null : new IndexNode[Capacity];
        Epoch = epoch;
    }

    internal bool IsLeaf => Children is null;

    /// <summary>How many rows are below <paramref name="entry"/>: where it is, or where it belongs.</summary>
    internal int LowerBound(in IndexEntry entry)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (IndexEntry.Compare(in Entries[middle], in entry) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The child that holds <paramref name="entry"/> if any does: the last whose row is not above it, or the first.</summary>
    internal int ChildOf(in IndexEntry entry)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (IndexEntry.Compare(in Entries[middle], in entry) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Max(low - 1, 0);
    }

    /// <summary>How many rows come before the range of <paramref name="key"/>, or before its end if <paramref name="pastEqual"/>.</summary>
    internal int Bound(in IndexKey key, bool pastEqual)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = key.Order(in Entries[middle]);
            if (order < 0 || (pastEqual && order == 0))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    internal void InsertAt(int at, in IndexEntry entry, IndexNode? child)
    {
        Invariant.Check(Count < Capacity && (uint)at <= (uint)Count);
        Entries.AsSpan(at, Count - at).CopyTo(Entries.AsSpan(at + 1));
        Entries[at] = entry;
        if (Children is not null)
        {
            Children.AsSpan(at, Count - at).CopyTo(Children.AsSpan(at + 1));
            Children[at] = child!;
        }

        Count++;
    }

    internal void RemoveAt(int at)
    {
        Invariant.Check((uint)at < (uint)Count);
        Count--;
        Entries.AsSpan(at + 1, Count - at).CopyTo(Entries.AsSpan(at));
        Entries[Count] = default;
        if (Children is not null)
        {
            Children.AsSpan(at + 1, Count - at).CopyTo(Children.AsSpan(at));
            Children[Count] = null!;
        }
    }

    /// <summary>Moves the upper half to an empty node.</summary>
    internal void SplitInto(IndexNode right)
    {
        var half = Count / 2;
        right.TakeFrom(this, half);
        Count = half;
    }

    /// <summary>Takes out the rows of a leaf whose slots are marked.</summary>
    internal void RemoveMarked(ReadOnlySpan<bool> marked)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!marked[Entries[i].Slot])
            {
                Entries[kept++] = Entries[i];
            }
        }

        Entries.AsSpan(kept, Count - kept).Clear();
        Count = kept;
    }

    /// <summary>Appends the rows of <paramref name="other"/> from <paramref name="start"/> on.</summary>
    internal void TakeFrom(IndexNode other, int start)
    {
        var count = other.Count - start;
        Invariant.Check(Count + count <= Capacity && IsLeaf == other.IsLeaf);
        other.Entries.AsSpan(start, count).CopyTo(Entries.AsSpan(Count));
        other.Children?.AsSpan(start, count).CopyTo(Children.AsSpan(Count));
        if (other.Epoch == Epoch)
        {
            other.Entries.AsSpan(start, count).Clear();
            other.Children?.AsSpan(start, count).Clear();
        }

        Count += count;
    }
}

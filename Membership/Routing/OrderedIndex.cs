using Wetware.Core;

namespace Wetware.Membership.Routing;

/// <summary>
/// A B+tree of <see cref="IndexEntry"/> that is changed by copying the nodes an older reader may hold and in place otherwise:
/// whoever keeps a root keeps an immutable index, at the price of one path of copies per change after it. The epoch says which
/// nodes no reader has seen; the owner moves it on when it gives a root away.
/// </summary>
internal struct OrderedIndex
{
    /// <summary>A node below this many rows is joined to a neighbour that has room for it.</summary>
    private const int SparseCount = IndexNode.Capacity / 4;

    internal IndexNode? Root;

    /// <summary>Adds a row that must not be there yet.</summary>
    internal void Add(in IndexEntry entry, ulong epoch)
    {
        if (Root is null)
        {
            Root = new IndexNode(leaf: true, epoch);
            Root.InsertAt(0, in entry, null);
            return;
        }

        Root = AddTo(Root, in entry, epoch, out var right);
        if (right is not null)
        {
            var top = new IndexNode(leaf: false, epoch);
            top.InsertAt(0, in Root.Entries[0], Root);
            top.InsertAt(1, in right.Entries[0], right);
            Root = top;
        }
    }

    /// <summary>Removes a row that must be there.</summary>
    internal void Remove(in IndexEntry entry, ulong epoch)
    {
        Invariant.Check(Root is not null);
        var root = RemoveFrom(Root, in entry, epoch);
        while (!root.IsLeaf && root.Count == 1)
        {
            root = root.Children![0];
        }

        Root = root.Count == 0 ? null : root;
    }

    private static IndexNode AddTo(IndexNode node, in IndexEntry entry, ulong epoch, out IndexNode? right)
    {
        node = node.Editable(epoch);
        right = null;
        if (node.IsLeaf)
        {
            var at = node.LowerBound(in entry);
            Invariant.Check(at == node.Count || IndexEntry.Compare(in node.Entries[at], in entry) != 0);
            Insert(node, at, in entry, null, ref right);
            return node;
        }

        var child = node.ChildOf(in entry);
        node.Children![child] = AddTo(node.Children[child], in entry, epoch, out var split);
        node.Entries[child] = node.Children[child].Entries[0];
        if (split is not null)
        {
            Insert(node, child + 1, in split.Entries[0], split, ref right);
        }

        return node;
    }

    private static void Insert(IndexNode node, int at, in IndexEntry entry, IndexNode? child, ref IndexNode? right)
    {
        if (node.Count < IndexNode.Capacity)
        {
            node.InsertAt(at, in entry, child);
            return;
        }

        right = node.Split();
        if (at <= node.Count)
        {
            node.InsertAt(at, in entry, child);
        }
        else
        {
            right.InsertAt(at - node.Count, in entry, child);
        }
    }

    private static IndexNode RemoveFrom(IndexNode node, in IndexEntry entry, ulong epoch)
    {
        node = node.Editable(epoch);
        if (node.IsLeaf)
        {
            var at = node.LowerBound(in entry);
            Invariant.Check(at < node.Count && IndexEntry.Compare(in node.Entries[at], in entry) == 0);
            node.RemoveAt(at);
            return node;
        }

        var index = node.ChildOf(in entry);
        var child = RemoveFrom(node.Children![index], in entry, epoch);
        node.Children[index] = child;
        if (child.Count == 0)
        {
            node.RemoveAt(index);
            return node;
        }

        node.Entries[index] = child.Entries[0];
        if (child.Count < SparseCount)
        {
            Join(node, index, epoch);
        }

        return node;
    }

    /// <summary>Joins a sparse child to the neighbour on its right, or else on its left, if both fit in one node.</summary>
    private static void Join(IndexNode node, int index, ulong epoch)
    {
        var left = index + 1 < node.Count ? index : index - 1;
        if (left < 0)
        {
            return;
        }

        var one = node.Children![left];
        var two = node.Children[left + 1];
        if (one.Count + two.Count > IndexNode.Capacity)
        {
            return;
        }

        one = one.Editable(epoch);
        one.TakeFrom(two, 0);
        node.Children[left] = one;
        node.RemoveAt(left + 1);
    }
}

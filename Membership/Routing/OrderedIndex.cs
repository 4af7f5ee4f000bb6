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

    /// <summary>Nodes that no reader ever saw are kept for reuse, at most so many of each kind: what joins free, splits need again.</summary>
    private const int SparesMax = 512;

    internal IndexNode? Root;
    private IndexNode? _spareLeaves;
    private IndexNode? _spareInner;
    private int _leaves;
    private int _inner;

    /// <summary>Adds a row that must not be there yet.</summary>
    internal void Add(in IndexEntry entry, ulong epoch)
    {
        if (Root is null)
        {
            Root = Take(leaf: true, epoch);
            Root.InsertAt(0, in entry, null);
            return;
        }

        Root = AddTo(Root, in entry, epoch, out var right);
        if (right is not null)
        {
            var top = Take(leaf: false, epoch);
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
        Root = Lowered(root, epoch);
    }

    /// <summary>Removes the rows whose slots are marked, in one walk over all of them: for many rows much cheaper than one by one.</summary>
    internal void RemoveMarked(ReadOnlySpan<bool> marked, ulong epoch)
    {
        if (Root is not null)
        {
            Root = Lowered(RemoveMarkedFrom(Root, marked, epoch), epoch);
        }
    }

    private IndexNode? Lowered(IndexNode root, ulong epoch)
    {
        while (!root.IsLeaf && root.Count == 1)
        {
            var child = root.Children![0];
            Give(root, epoch);
            root = child;
        }

        if (root.Count > 0)
        {
            return root;
        }

        Give(root, epoch);
        return null;
    }

    private IndexNode RemoveMarkedFrom(IndexNode node, ReadOnlySpan<bool> marked, ulong epoch)
    {
        node = Editable(node, epoch);
        if (node.IsLeaf)
        {
            node.RemoveMarked(marked);
            return node;
        }

        for (var i = node.Count - 1; i >= 0; i--)
        {
            var child = RemoveMarkedFrom(node.Children![i], marked, epoch);
            node.Children[i] = child;
            if (child.Count == 0)
            {
                node.RemoveAt(i);
                Give(child, epoch);
                continue;
            }

            node.Entries[i] = child.Entries[0];
            if (child.Count < SparseCount)
            {
                Join(node, i, epoch);
            }
        }

        return node;
    }

    /// <summary>A node, or a copy of it that <paramref name="epoch"/> may change.</summary>
    private IndexNode Editable(IndexNode node, ulong epoch)
    {
        if (node.Epoch == epoch)
        {
            return node;
        }

        var copy = Take(node.IsLeaf, epoch);
        copy.TakeFrom(node, 0);
        return copy;
    }

    private IndexNode Take(bool leaf, ulong epoch)
    {
        ref var spare = ref leaf ? ref _spareLeaves : ref _spareInner;
        if (spare is not { } node)
        {
            return new IndexNode(leaf, epoch);
        }

        spare = node.NextSpare;
        node.NextSpare = null;
        node.Epoch = epoch;
        (leaf ? ref _leaves : ref _inner)--;
        return node;
    }

    /// <summary>Keeps a node that is no longer part of the tree, unless a reader may hold it.</summary>
    private void Give(IndexNode node, ulong epoch)
    {
        ref var count = ref node.IsLeaf ? ref _leaves : ref _inner;
        if (node.Epoch != epoch || count >= SparesMax)
        {
            return;
        }

        node.Entries.AsSpan(0, node.Count).Clear();
        node.Children?.AsSpan(0, node.Count).Clear();
        node.Count = 0;
        ref var spare = ref node.IsLeaf ? ref _spareLeaves : ref _spareInner;
        node.NextSpare = spare;
        spare = node;
        count++;
    }

    private IndexNode AddTo(IndexNode node, in IndexEntry entry, ulong epoch, out IndexNode? right)
    {
        node = Editable(node, epoch);
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

    private void Insert(IndexNode node, int at, in IndexEntry entry, IndexNode? child, ref IndexNode? right)
    {
        if (node.Count < IndexNode.Capacity)
        {
            node.InsertAt(at, in entry, child);
            return;
        }

        right = Take(node.IsLeaf, node.Epoch);
        node.SplitInto(right);
        if (at <= node.Count)
        {
            node.InsertAt(at, in entry, child);
        }
        else
        {
            right.InsertAt(at - node.Count, in entry, child);
        }
    }

    private IndexNode RemoveFrom(IndexNode node, in IndexEntry entry, ulong epoch)
    {
        node = Editable(node, epoch);
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
            Give(child, epoch);
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
    private void Join(IndexNode node, int index, ulong epoch)
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

        one = Editable(one, epoch);
        one.TakeFrom(two, 0);
        node.Children[left] = one;
        node.RemoveAt(left + 1);
        if (two.Epoch == epoch)
        {
            // Its rows were moved, and taken out of it.
            two.Count = 0;
            Give(two, epoch);
        }
    }
}

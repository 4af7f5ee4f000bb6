using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>
/// The registers of a node. Every change is one step that no other sees half done. Invariant: a register other than the root is there exactly as long
/// as somebody holds it, it has a value, or one below it is there. Safe for concurrent use.
/// </summary>
internal sealed class AnchorTree
{
    private readonly Lock _lock = new();
    private readonly AnchorNode _root = new(string.Empty, null);
    private int _count;
    private long _bytes;
    private ulong _version;

    /// <summary>How many registers there are beside the root.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Goes down from a register, or from the root, and makes what is not there. The caller holds what is found.</summary>
    /// <exception cref="RpcException">The tree would be too large or too deep.</exception>
    public AnchorNode Walk(AnchorNode? from, in AnchorPath path)
    {
        lock (_lock)
        {
            var node = from ?? _root;
            if (node.Depth + path.Names.Length > Limits.AnchorDepthMax)
            {
                throw new RpcException($"anchors are at most {Limits.AnchorDepthMax} deep");
            }

            var known = 0;
            while (known < path.Names.Length && node.Children.TryGetValue(path.Names[known], out var child))
            {
                node = child;
                known++;
            }

            if (_count + path.Names.Length - known > Limits.AnchorsMax)
            {
                throw new RpcException(RpcErrorType.Overloaded, $"the node has {Limits.AnchorsMax} anchors already");
            }

            foreach (var name in path.Names[known..])
            {
                var child = new AnchorNode(name, node);
                node.Children.Add(name, child);
                node = child;
                _count++;
            }

            node.Holders++;
            return node;
        }
    }

    /// <summary>What is directly below a register, by name. The caller holds all of it.</summary>
    public AnchorNode[] Children(AnchorNode node)
    {
        lock (_lock)
        {
            AnchorNode[] children = [.. node.Children.Values];
            foreach (var child in children)
            {
                child.Holders++;
            }

            return children;
        }
    }

    /// <summary>Holds a register once more.</summary>
    public AnchorNode Hold(AnchorNode node)
    {
        lock (_lock)
        {
            node.Holders++;
            return node;
        }
    }

    /// <summary>Lets go of a register.</summary>
    public void Release(AnchorNode node)
    {
        lock (_lock)
        {
            node.Holders--;
            Invariant.Check(node.Holders >= 0);
            while (node.IsIdle)
            {
                var parent = node.Parent!;
                parent.Children.Remove(node.Name);
                _count--;
                node = parent;
            }
        }
    }

    /// <summary>The value, whose reference is the caller's, and its version.</summary>
    public (Register Value, ulong Version) Load(AnchorNode node)
    {
        lock (_lock)
        {
            return (node.Value.AddRef(), node.Version);
        }
    }

    /// <summary>Stores a value, which this owns if it succeeds.</summary>
    public bool TryStore(AnchorNode node, in Register value, bool overwrite)
    {
        Register old;
        lock (_lock)
        {
            if (!overwrite && !node.Value.IsNull)
            {
                return false;
            }

            old = Replace(node, value);
        }

        old.Dispose();
        return true;
    }

    /// <summary>Stores a value, which this owns, and hands over the one that was there.</summary>
    public Register Swap(AnchorNode node, in Register value)
    {
        lock (_lock)
        {
            return Replace(node, value);
        }
    }

    /// <summary>Stores a value, which this owns if it succeeds, over one that is the same as another.</summary>
    public bool TryExchange(AnchorNode node, in Register expected, in Register value)
    {
        Register old;
        lock (_lock)
        {
            if (!node.Value.IsSame(expected))
            {
                return false;
            }

            old = Replace(node, value);
        }

        old.Dispose();
        return true;
    }

    /// <summary>Stores a value, which this owns if it succeeds, over that of a version.</summary>
    public bool TryUpdate(AnchorNode node, ulong version, in Register value)
    {
        Register old;
        lock (_lock)
        {
            if (node.Version != version)
            {
                return false;
            }

            old = Replace(node, value);
        }

        old.Dispose();
        return true;
    }

    private Register Replace(AnchorNode node, in Register value)
    {
        var bytes = _bytes + value.Length - node.Value.Length;
        if (bytes > Limits.AnchorsBytesMax && value.Length > node.Value.Length)
        {
            throw new RpcException(RpcErrorType.Overloaded, $"the anchors of the node hold {Limits.AnchorsBytesMax} bytes already");
        }

        _bytes = bytes;
        var old = node.Value;
        node.Value = value;
        node.Version = ++_version;
        return old;
    }
}

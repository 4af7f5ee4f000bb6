using System.Diagnostics.CodeAnalysis;
using Wetware.Core;

namespace Wetware.Rpc.Vat;

/// <summary>
/// A table whose ids the peer gives out: answers and imports. Low ids are looked up by index, high ones by hash, so that a
/// peer that counts from a high number costs no more than one that counts from zero.
/// </summary>
internal sealed class PeerTable<T>
    where T : class
{
    private T?[] _dense = new T?[16];
    private Dictionary<uint, T>? _sparse;

    /// <summary>How many items there are.</summary>
    public int Count { get; private set; }

    /// <summary>Finds an item.</summary>
    public bool TryGet(uint id, [NotNullWhen(true)] out T? item)
    {
        if (id < (uint)_dense.Length)
        {
            item = _dense[id];
            return item is not null;
        }

        item = null;
        return _sparse is not null && _sparse.TryGetValue(id, out item);
    }

    /// <summary>Stores an item under a free id.</summary>
    public void Add(uint id, T item)
    {
        Invariant.Check(!TryGet(id, out _));
        if (id >= Limits.TableSlotsDense)
        {
            (_sparse ??= []).Add(id, item);
        }
        else
        {
            if (id >= (uint)_dense.Length)
            {
                Array.Resize(ref _dense, (int)System.Numerics.BitOperations.RoundUpToPowerOf2(id + 1));
            }

            _dense[id] = item;
        }

        Count++;
    }

    /// <summary>Frees an id that holds something.</summary>
    public void Remove(uint id)
    {
        if (id < (uint)_dense.Length)
        {
            Invariant.Check(_dense[id] is not null);
            _dense[id] = null;
        }
        else
        {
            var removed = _sparse is not null && _sparse.Remove(id);
            Invariant.Check(removed);
        }

        Count--;
    }

    /// <summary>Everything that is stored, and forgets it; for the end of a connection.</summary>
    public List<T> TakeAll()
    {
        var all = new List<T>(Count);
        foreach (var item in _dense)
        {
            if (item is not null)
            {
                all.Add(item);
            }
        }

        all.AddRange(_sparse?.Values ?? Enumerable.Empty<T>());
        Array.Clear(_dense);
        _sparse = null;
        Count = 0;
        return all;
    }
}

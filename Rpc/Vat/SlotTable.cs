using System.Diagnostics.CodeAnalysis;
using Wetware.Core;

namespace Wetware.Rpc.Vat;

/// <summary>
/// A table whose ids this side gives out: questions, exports, embargoes. The id freed last is reused first, so ids stay
/// small and the peer's table dense. Invariant: an id is either free or holds an item, never both.
/// </summary>
internal sealed class SlotTable<T>
    where T : class
{
    private T?[] _items = new T?[16];
    private uint[] _free = new uint[16];
    private int _freeCount;
    private uint _next;

    /// <summary>How many items there are.</summary>
    public int Count { get; private set; }

    /// <summary>One past the highest id that was ever given out.</summary>
    public uint End => _next;

    /// <summary>Stores an item.</summary>
    /// <returns>Its id.</returns>
    public uint Add(T item)
    {
        uint id;
        if (_freeCount > 0)
        {
            id = _free[--_freeCount];
        }
        else
        {
            id = _next++;
            if (id == _items.Length)
            {
                Array.Resize(ref _items, _items.Length * 2);
                Array.Resize(ref _free, _items.Length);
            }
        }

        Invariant.Check(_items[id] is null);
        _items[id] = item;
        Count++;
        return id;
    }

    /// <summary>Finds an item by an id that may come from a peer.</summary>
    public bool TryGet(uint id, [NotNullWhen(true)] out T? item)
    {
        item = id < (uint)_items.Length ? _items[id] : null;
        return item is not null;
    }

    /// <summary>Frees an id.</summary>
    public void Remove(uint id)
    {
        Invariant.Check(id < _next && _items[id] is not null);
        _items[id] = null;
        _free[_freeCount++] = id;
        Count--;
    }
}

using System.Runtime.CompilerServices;
using Wetware.Core;

namespace Wetware.Raft;

/// <summary>
/// A growing array of entries that is emptied and filled again, so that steady use allocates nothing. Memory handed out
/// by <see cref="Range"/> keeps its contents until <see cref="Clear"/>, even if the buffer has grown since.
/// </summary>
public sealed class EntryBuffer
{
    private Entry[] _items = [];

    /// <summary>How many entries it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The entries, until the buffer is next changed.</summary>
    public ReadOnlySpan<Entry> Span => _items.AsSpan(0, Count);

    /// <summary>All entries, until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<Entry> Memory => new(_items, 0, Count);

    /// <summary>The entry at <paramref name="position"/>, from 0.</summary>
    public ref readonly Entry this[int position]
    {
        get
        {
            Invariant.Check((uint)position < (uint)Count);
            return ref _items[position];
        }
    }

    /// <summary>Some of the entries, until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<Entry> Range(int start, int count)
    {
        Invariant.Check(start >= 0 && count >= 0 && start + count <= Count);
        return new(_items, start, count);
    }

    /// <summary>Appends one entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in Entry entry)
    {
        if (Count == _items.Length)
        {
            Grow(1);
        }

        _items[Count++] = entry;
    }

    /// <summary>Appends entries.</summary>
    public void AddRange(ReadOnlySpan<Entry> entries)
    {
        if (entries.Length > _items.Length - Count)
        {
            Grow(entries.Length);
        }

        entries.CopyTo(_items.AsSpan(Count));
        Count += entries.Length;
    }

    /// <summary>Lets go of the payloads of commands from <paramref name="start"/> on.</summary>
    internal void DropCommands(int start)
    {
        foreach (ref var entry in _items.AsSpan(start, Count - start))
        {
            if (entry.Type == EntryType.Normal)
            {
                entry = entry with { Data = default };
            }
        }
    }

    /// <summary>Drops all but the first <paramref name="count"/> entries.</summary>
    public void Truncate(int count)
    {
        Invariant.Check(count >= 0 && count <= Count);
        _items.AsSpan(count, Count - count).Clear();
        Count = count;
    }

    /// <summary>Empties the buffer and lets go of all payloads.</summary>
    public void Clear() => Truncate(0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int more)
    {
        // The old array is left to those who hold ranges of it.
        var grown = new Entry[Math.Max(Math.Max(16, Count + more), (int)Math.Min(2L * _items.Length, Array.MaxLength))];
        _items.AsSpan(0, Count).CopyTo(grown);
        _items = grown;
    }
}

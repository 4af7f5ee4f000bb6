using Wetware.Core;

namespace Wetware.Wasm;

/// <summary>A table of references. Used by one thread at a time, that of its store.</summary>
public sealed class Table
{
    /// <summary>The elements; emitted code reads it anew for each access, because growth replaces it. Invariant: each is null, or a FuncRef where Element says so.</summary>
    internal object?[] Elements;

    private readonly uint _limit;

    internal Table(TableType type, uint limit)
    {
        Type = type;
        _limit = Math.Min(limit, type.Size.Maximum ?? uint.MaxValue);
        Invariant.Check(type.Size.Minimum <= _limit);
        Elements = new object?[type.Size.Minimum];
    }

    /// <summary>A table that the host makes, to be imported by guests.</summary>
    public Table(TableType type)
        : this(type, StoreOptions.Default.TableElementsMax)
    {
    }

    /// <summary>The declared type.</summary>
    public TableType Type { get; }

    /// <summary>The number of elements.</summary>
    public uint Size => (uint)Elements.Length;

    /// <summary>Grows by <paramref name="delta"/> elements, all <paramref name="initial"/>; -1 when a limit forbids it, else the size before.</summary>
    internal int Grow(object? initial, uint delta)
    {
        var before = Elements.Length;
        if (delta > _limit - (uint)before)
        {
            return -1;
        }

        if (delta > 0)
        {
            var grown = new object?[before + delta];
            Elements.CopyTo(grown, 0);
            grown.AsSpan(before).Fill(initial);
            Elements = grown;
        }

        return before;
    }
}

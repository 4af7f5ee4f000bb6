using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>A list of Bool. A plain value; valid as long as its message is open. The default value is the empty list.</summary>
public readonly struct BoolListReader : IPointerReader<BoolListReader>, IIndexed<bool>
{
    private readonly ListReader _raw;

    private BoolListReader(ListReader raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListReader Raw => _raw;

    /// <inheritdoc/>
    public bool this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _raw.GetBool(index);
    }

    /// <inheritdoc/>
    public static BoolListReader Read(PointerReader pointer) => From(pointer.GetList());

    /// <summary>Looks at a list as this type.</summary>
    /// <exception cref="DecodeException">The elements are not compatible with it.</exception>
    public static BoolListReader From(ListReader raw) => new(raw.ExpectBits());

    /// <summary>Walks the elements.</summary>
    public ListEnumerator<BoolListReader, bool> GetEnumerator() => new(this);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListReader(BoolListReader list) => list._raw;
}

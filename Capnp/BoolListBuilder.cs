using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of Bool under construction. A plain value; valid as long as its message is neither reset nor disposed. The default value is the
/// empty list.
/// </summary>
public readonly struct BoolListBuilder : IListBuilder<BoolListBuilder>, IIndexed<bool>
{
    private readonly ListBuilder _raw;

    private BoolListBuilder(ListBuilder raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListBuilder Raw => _raw;

    /// <inheritdoc/>
    public bool this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _raw.GetBool(index);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _raw.SetBool(index, value);
    }

    /// <inheritdoc/>
    public static BoolListBuilder Get(PointerBuilder pointer) => new(pointer.GetList().ExpectBits());

    /// <inheritdoc/>
    public static BoolListBuilder Init(PointerBuilder pointer, int count) => new(pointer.InitList(ElementSize.Bit, count));

    /// <summary>Looks at a list as this type.</summary>
    public static BoolListBuilder From(ListBuilder raw) => new(raw.ExpectBits());

    /// <summary>The list as a reader.</summary>
    public BoolListReader AsReader() => BoolListReader.From(_raw.AsReader());
    /// <summary>Walks the elements.</summary>
    public ListEnumerator<BoolListBuilder, bool> GetEnumerator() => new(this);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListBuilder(BoolListBuilder list) => list._raw;
}

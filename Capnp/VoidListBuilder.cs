using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of Void under construction: nothing but a count. A plain value; valid as long as its message is neither reset nor disposed. The
/// default value is the empty list.
/// </summary>
public readonly struct VoidListBuilder : IListBuilder<VoidListBuilder>, IIndexed<Void>
{
    private readonly ListBuilder _raw;

    private VoidListBuilder(ListBuilder raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListBuilder Raw => _raw;

    /// <inheritdoc/>
    public Void this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    /// <inheritdoc/>
    public static VoidListBuilder Get(PointerBuilder pointer) => new(pointer.GetList().ExpectScalars(0));

    /// <inheritdoc/>
    public static VoidListBuilder Init(PointerBuilder pointer, int count) => new(pointer.InitList(ElementSize.Void, count));

    /// <summary>Looks at a list as this type.</summary>
    public static VoidListBuilder From(ListBuilder raw) => new(raw.ExpectScalars(0));

    /// <summary>The list as a reader.</summary>
    public VoidListReader AsReader() => VoidListReader.From(_raw.AsReader());
    /// <summary>Walks the elements.</summary>
    public ListEnumerator<VoidListBuilder, Void> GetEnumerator() => new(this);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListBuilder(VoidListBuilder list) => list._raw;
}

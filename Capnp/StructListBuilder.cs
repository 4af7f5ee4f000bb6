using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of structs under construction. A plain value; valid as long as its message is neither reset nor disposed. The default value is
/// the empty list.
/// </summary>
/// <typeparam name="T">The builder of the elements.</typeparam>
public readonly struct StructListBuilder<T> : IListBuilder<StructListBuilder<T>>, IIndexed<T>
    where T : IStructBuilder<T>
{
    private readonly ListBuilder _raw;

    private StructListBuilder(ListBuilder raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListBuilder Raw => _raw;

    /// <inheritdoc/>
    public T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Wrap(_raw.GetStruct(index));
    }

    /// <inheritdoc/>
    public static StructListBuilder<T> Get(PointerBuilder pointer) => new(pointer.GetStructList(T.Size));

    /// <inheritdoc/>
    public static StructListBuilder<T> Init(PointerBuilder pointer, int count) => new(pointer.InitStructList(T.Size, count));

    /// <summary>Looks at a list as this type.</summary>
    public static StructListBuilder<T> From(ListBuilder raw) => new(raw);

    /// <summary>Walks the elements.</summary>
    public ListEnumerator<StructListBuilder<T>, T> GetEnumerator() => new(this);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListBuilder(StructListBuilder<T> list) => list._raw;
}

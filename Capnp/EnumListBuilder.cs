using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of enum values under construction. A plain value; valid as long as its message is neither reset nor disposed. The default value
/// is the empty list.
/// </summary>
/// <typeparam name="T">A C# enum over <see cref="ushort"/>.</typeparam>
public readonly struct EnumListBuilder<T> : IListBuilder<EnumListBuilder<T>>, IIndexed<T>
    where T : unmanaged, Enum
{
    private readonly ListBuilder _raw;

    private EnumListBuilder(ListBuilder raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListBuilder Raw => _raw;

    /// <inheritdoc/>
    public T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.BitCast<ushort, T>(_raw.GetScalar<ushort>(index));
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _raw.SetScalar(index, Unsafe.BitCast<T, ushort>(value));
    }

    /// <inheritdoc/>
    public static EnumListBuilder<T> Get(PointerBuilder pointer) => new(pointer.GetList().ExpectScalars(16));

    /// <inheritdoc/>
    public static EnumListBuilder<T> Init(PointerBuilder pointer, int count) => new(pointer.InitList(ElementSize.TwoBytes, count));

    /// <summary>Looks at a list as this type.</summary>
    public static EnumListBuilder<T> From(ListBuilder raw) => new(raw.ExpectScalars(16));

    /// <summary>The list as a reader.</summary>
    public EnumListReader<T> AsReader() => EnumListReader<T>.From(_raw.AsReader());
    /// <summary>Walks the elements.</summary>
    public ListEnumerator<EnumListBuilder<T>, T> GetEnumerator() => new(this);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListBuilder(EnumListBuilder<T> list) => list._raw;
}

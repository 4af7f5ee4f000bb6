using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of enum values; those that the schema does not know survive as their number. A plain value; valid as long as its message is open.
/// The default value is the empty list.
/// </summary>
/// <typeparam name="T">A C# enum over <see cref="ushort"/>.</typeparam>
public readonly struct EnumListReader<T> : IPointerReader<EnumListReader<T>>, IIndexed<T>
    where T : unmanaged, Enum
{
    private readonly ListReader _raw;

    private EnumListReader(ListReader raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListReader Raw => _raw;

    /// <inheritdoc/>
    public T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.BitCast<ushort, T>(_raw.GetScalar<ushort>(index));
    }

    /// <inheritdoc/>
    public static EnumListReader<T> Read(PointerReader pointer) => From(pointer.GetList());

    /// <summary>Looks at a list as this type.</summary>
    /// <exception cref="DecodeException">The elements are not compatible with it.</exception>
    public static EnumListReader<T> From(ListReader raw) => new(raw.ExpectScalars(16));

    /// <summary>Walks the elements.</summary>
    public ListEnumerator<EnumListReader<T>, T> GetEnumerator() => new(this);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListReader(EnumListReader<T> list) => list._raw;
}

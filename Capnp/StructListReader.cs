using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>A list of structs. A plain value; valid as long as its message is open. The default value is the empty list.</summary>
/// <typeparam name="T">The reader of the elements.</typeparam>
public readonly struct StructListReader<T> : IPointerReader<StructListReader<T>>, IIndexed<T>
    where T : IStructReader<T>
{
    private readonly ListReader _raw;

    private StructListReader(ListReader raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListReader Raw => _raw;

    /// <inheritdoc/>
    public T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Wrap(_raw.GetStruct(index));
    }

    /// <inheritdoc/>
    public static StructListReader<T> Read(PointerReader pointer) => From(pointer.GetList());

    /// <summary>Looks at a list as this type.</summary>
    /// <exception cref="DecodeException">The elements are not compatible with it.</exception>
    public static StructListReader<T> From(ListReader raw) => new(raw.ExpectStructs());

    /// <summary>Walks the elements.</summary>
    public ListEnumerator<StructListReader<T>, T> GetEnumerator() => new(this);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListReader(StructListReader<T> list) => list._raw;
}

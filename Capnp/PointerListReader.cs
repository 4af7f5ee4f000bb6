using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of texts, data, lists, capabilities or pointers of any kind. A plain value; valid as long as its message is open. The default
/// value is the empty list.
/// </summary>
/// <typeparam name="T">The reader of the elements.</typeparam>
public readonly struct PointerListReader<T> : IPointerReader<PointerListReader<T>>, IIndexed<T>
    where T : IPointerReader<T>
{
    private readonly ListReader _raw;

    private PointerListReader(ListReader raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListReader Raw => _raw;

    /// <inheritdoc/>
    public T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Read(_raw.GetPointer(index));
    }

    /// <inheritdoc/>
    public static PointerListReader<T> Read(PointerReader pointer) => From(pointer.GetList());

    /// <summary>Looks at a list as this type.</summary>
    /// <exception cref="DecodeException">The elements are not compatible with it.</exception>
    public static PointerListReader<T> From(ListReader raw) => new(raw.ExpectPointers());

    /// <summary>Walks the elements.</summary>
    public ListEnumerator<PointerListReader<T>, T> GetEnumerator() => new(this);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListReader(PointerListReader<T> list) => list._raw;
}

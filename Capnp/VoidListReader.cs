using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of Void: nothing but a count. A plain value; valid as long as its message is open. The default value is the empty list.
/// </summary>
public readonly struct VoidListReader : IPointerReader<VoidListReader>, IIndexed<Void>
{
    private readonly ListReader _raw;

    private VoidListReader(ListReader raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListReader Raw => _raw;

    /// <inheritdoc/>
    public Void this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    /// <inheritdoc/>
    public static VoidListReader Read(PointerReader pointer) => From(pointer.GetList());

    /// <summary>Looks at a list as this type.</summary>
    /// <exception cref="DecodeException">The elements are not compatible with it.</exception>
    public static VoidListReader From(ListReader raw) => new(raw.ExpectScalars(0));

    /// <summary>Walks the elements.</summary>
    public ListEnumerator<VoidListReader, Void> GetEnumerator() => new(this);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListReader(VoidListReader list) => list._raw;
}

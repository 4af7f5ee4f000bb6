using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of numbers under construction. A plain value; valid as long as its message is neither reset nor disposed. The default value is
/// the empty list.
/// </summary>
/// <typeparam name="T">The C# type of the elements.</typeparam>
public readonly struct ScalarListBuilder<T> : IListBuilder<ScalarListBuilder<T>>, IIndexed<T>
    where T : unmanaged
{
    private readonly ListBuilder _raw;

    private ScalarListBuilder(ListBuilder raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListBuilder Raw => _raw;

    /// <inheritdoc/>
    public T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _raw.GetScalar<T>(index);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _raw.SetScalar(index, value);
    }

    /// <inheritdoc/>
    public static ScalarListBuilder<T> Get(PointerBuilder pointer) => new(pointer.GetList().ExpectScalars(Unsafe.SizeOf<T>() * 8));

    /// <inheritdoc/>
    public static ScalarListBuilder<T> Init(PointerBuilder pointer, int count) =>
        new(pointer.InitList(Wire.SizeOf(Unsafe.SizeOf<T>()), count));

    /// <summary>Looks at a list as this type.</summary>
    public static ScalarListBuilder<T> From(ListBuilder raw) => new(raw.ExpectScalars(Unsafe.SizeOf<T>() * 8));

    /// <summary>The list as a reader.</summary>
    public ScalarListReader<T> AsReader() => ScalarListReader<T>.From(_raw.AsReader());
    /// <summary>Walks the elements.</summary>
    public ListEnumerator<ScalarListBuilder<T>, T> GetEnumerator() => new(this);

    /// <summary>The elements in place; only where they lie one after another, as in every new list.</summary>
    public Span<T> Span => _raw.Count == 0 || _raw.StepBits == Unsafe.SizeOf<T>() * 8
        ? MemoryMarshal.Cast<byte, T>(_raw.Packed(Unsafe.SizeOf<T>()))
        : throw new InvalidOperationException("the elements are structs");

    /// <summary>The list without its type.</summary>
    public static implicit operator ListBuilder(ScalarListBuilder<T> list) => list._raw;
}

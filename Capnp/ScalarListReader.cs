using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of numbers: Int8 to UInt64, Float32, Float64. A plain value; valid as long as its message is open. The default value is the empty
/// list.
/// </summary>
/// <typeparam name="T">The C# type of the elements.</typeparam>
public readonly struct ScalarListReader<T> : IPointerReader<ScalarListReader<T>>, IIndexed<T>
    where T : unmanaged
{
    private readonly ListReader _raw;

    private ScalarListReader(ListReader raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListReader Raw => _raw;

    /// <inheritdoc/>
    public T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _raw.GetScalar<T>(index);
    }

    /// <inheritdoc/>
    public static ScalarListReader<T> Read(PointerReader pointer) => From(pointer.GetList());

    /// <summary>Looks at a list as this type.</summary>
    /// <exception cref="DecodeException">The elements are not compatible with it.</exception>
    public static ScalarListReader<T> From(ListReader raw) => new(raw.ExpectScalars(Unsafe.SizeOf<T>() * 8));

    /// <summary>Walks the elements.</summary>
    public ListEnumerator<ScalarListReader<T>, T> GetEnumerator() => new(this);

    /// <summary>The elements in place; only where <see cref="IsContiguous"/>.</summary>
    public ReadOnlySpan<T> Span =>
        IsContiguous
            ? MemoryMarshal.Cast<byte, T>(_raw.Packed(Unsafe.SizeOf<T>()))
            : throw new InvalidOperationException("the elements are structs");

    /// <summary>Whether the elements lie one after another, as they do unless the sender has made them structs.</summary>
    public bool IsContiguous => _raw.Count == 0 || _raw.StepBits == Unsafe.SizeOf<T>() * 8;

    /// <summary>Copies the elements.</summary>
    public void CopyTo(Span<T> target)
    {
        if (IsContiguous)
        {
            Span.CopyTo(target);
            return;
        }

        for (var i = 0; i < Count; i++)
        {
            target[i] = this[i];
        }
    }

    /// <summary>A copy of the elements.</summary>
    public T[] ToArray()
    {
        var copy = new T[Count];
        CopyTo(copy);
        return copy;
    }

    /// <summary>The list without its type.</summary>
    public static implicit operator ListReader(ScalarListReader<T> list) => list._raw;
}

using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list in a message, without its type: AnyList. The typed lists are views of it. A plain value; valid as long as its
/// message is open. The default value is the empty list.
/// </summary>
public readonly struct ListReader : IPointerReader<ListReader>
{
    private readonly Segment? _segment;
    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _count;
    private readonly int _stepBits;
    private readonly int _dataBits;
    private readonly ushort _pointers;
    private readonly ushort _nesting;
    private readonly ElementSize _elementSize;

    internal ListReader(
        Segment segment,
        byte[] bytes,
        int start,
        int count,
        int stepBits,
        int dataBits,
        ushort pointers,
        ushort nesting,
        ElementSize elementSize)
    {
        _segment = segment;
        _bytes = bytes;
        _start = start;
        _count = count;
        _stepBits = stepBits;
        _dataBits = dataBits;
        _pointers = pointers;
        _nesting = nesting;
        _elementSize = elementSize;
    }

    /// <summary>How many elements there are.</summary>
    public int Count => _count;

    /// <summary>How the elements are laid out.</summary>
    public ElementSize ElementSize => _elementSize;

    /// <summary>The size of the elements, where they are structs or can be read as such.</summary>
    public StructSize StructSize => new((ushort)((_dataBits + 63) >> 6), _pointers);

    internal byte[] Bytes => _bytes;

    internal int Start => _start;

    internal int StepBits => _stepBits;

    internal bool IsDefault => _segment is null;

    /// <inheritdoc/>
    public static ListReader Read(PointerReader pointer) => pointer.GetList();

    /// <summary>An element as a struct. Scalars and pointers read as a struct whose first field they are.</summary>
    /// <exception cref="DecodeException">The elements are bits, which are no structs' first field.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StructReader GetStruct(int index)
    {
        CheckIndex(index);
        if (_elementSize == ElementSize.Bit)
        {
            ThrowIncompatible();
        }

        if (_nesting == 0)
        {
            DecodeException.Throw("the message is nested too deeply");
        }

        return new StructReader(
            _segment!, _bytes, _start + (int)((long)index * _stepBits >> 3), _dataBits >> 3, _pointers, (ushort)(_nesting - 1));
    }

    /// <summary>An element as a pointer. Structs read as their first pointer.</summary>
    /// <exception cref="DecodeException">The elements hold no pointers.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PointerReader GetPointer(int index)
    {
        CheckIndex(index);
        if (_pointers == 0)
        {
            ThrowIncompatible();
        }

        return new PointerReader(_segment, _bytes, _start + (int)((long)index * _stepBits >> 3) + (_dataBits >> 3), _nesting);
    }

    /// <summary>An element as a scalar. Structs read as the start of their data section.</summary>
    /// <exception cref="DecodeException">The elements are smaller than that.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GetScalar<T>(int index)
        where T : unmanaged
    {
        CheckIndex(index);
        if (_dataBits < Unsafe.SizeOf<T>() * 8)
        {
            ThrowIncompatible();
        }

        return Wire.Read<T>(_bytes, _start + (int)((long)index * _stepBits >> 3));
    }

    /// <summary>An element of a list of Bool.</summary>
    /// <exception cref="DecodeException">The elements are no bits.</exception>
    public bool GetBool(int index)
    {
        CheckIndex(index);
        if (_elementSize != ElementSize.Bit)
        {
            ThrowIncompatible();
        }

        return ((Wire.Read<byte>(_bytes, _start + (index >> 3)) >> (index & 7)) & 1) != 0;
    }

    /// <summary>Checks, once for all elements, that they can be read as scalars of this many bits.</summary>
    internal ListReader ExpectScalars(int bits)
    {
        if (_segment is not null && (_dataBits < bits || (_elementSize == ElementSize.Bit && bits > 0)))
        {
            ThrowIncompatible();
        }

        return this;
    }

    internal ListReader ExpectBits()
    {
        if (_segment is not null && _elementSize != ElementSize.Bit)
        {
            ThrowIncompatible();
        }

        return this;
    }

    internal ListReader ExpectPointers()
    {
        if (_segment is not null && _pointers == 0)
        {
            ThrowIncompatible();
        }

        return this;
    }

    internal ListReader ExpectStructs()
    {
        if (_elementSize == ElementSize.Bit && _segment is not null)
        {
            ThrowIncompatible();
        }

        return this;
    }

    /// <summary>The elements' bytes, where they lie one after another without gaps.</summary>
    internal ReadOnlySpan<byte> Packed(int elementBytes) =>
        _segment is null ? default : _bytes.AsSpan(_start, _count * elementBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckIndex(int index)
    {
        if ((uint)index >= (uint)_count)
        {
            ThrowIndex();
        }
    }

    private static void ThrowIndex() => throw new ArgumentOutOfRangeException(null, "the list has fewer elements");

    private static void ThrowIncompatible() =>
        DecodeException.Throw("the elements of a list are not what was expected, nor compatible with it");
}

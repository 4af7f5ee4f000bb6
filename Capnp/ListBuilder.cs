using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list in a message under construction, without its type: AnyList. The typed lists are views of it. A plain value; valid as long as its
/// message is neither reset nor disposed. The default value is the empty list.
/// </summary>
public readonly struct ListBuilder : IPointerBuilder<ListBuilder>
{
    private readonly Segment? _segment;
    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _count;
    private readonly int _stepBits;
    private readonly int _dataBits;
    private readonly ushort _pointers;
    private readonly ElementSize _elementSize;

    internal ListBuilder(
        Segment segment, byte[] bytes, int start, int count, int stepBits, int dataBits, ushort pointers, ElementSize elementSize)
    {
        _segment = segment;
        _bytes = bytes;
        _start = start;
        _count = count;
        _stepBits = stepBits;
        _dataBits = dataBits;
        _pointers = pointers;
        _elementSize = elementSize;
    }

    /// <summary>How many elements there are.</summary>
    public int Count => _count;

    /// <summary>How the elements are laid out.</summary>
    public ElementSize ElementSize => _elementSize;

    /// <summary>The size of the elements, where they are structs or can be seen as such.</summary>
    public StructSize StructSize => new((ushort)((_dataBits + 63) >> 6), _pointers);

    internal bool IsDefault => _segment is null;

    internal Segment Segment => _segment!;

    internal int Start => _start;

    internal int StepBits => _stepBits;

    internal int DataBits => _dataBits;

    internal int PointerCount => _pointers;

    /// <inheritdoc/>
    public static ListBuilder Get(PointerBuilder pointer) => pointer.GetList();

    /// <summary>The list as a reader.</summary>
    public ListReader AsReader() => _segment is null
        ? default
        : new(_segment, _bytes, _start, _count, _stepBits, _dataBits, _pointers, (ushort)_segment.Arena.Nesting, _elementSize);

    /// <summary>An element as a struct.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StructBuilder GetStruct(int index)
    {
        CheckIndex(index);
        if (_elementSize != ElementSize.InlineComposite)
        {
            ThrowIncompatible();
        }

        return new StructBuilder(_segment!, _bytes, _start + (int)((long)index * _stepBits >> 3), _dataBits >> 3, _pointers);
    }

    /// <summary>An element as a pointer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PointerBuilder GetPointer(int index)
    {
        CheckIndex(index);
        if (_pointers == 0)
        {
            ThrowIncompatible();
        }

        return new PointerBuilder(_segment!, _bytes, _start + (int)((long)index * _stepBits >> 3) + (_dataBits >> 3));
    }

    /// <summary>An element as a scalar.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GetScalar<T>(int index)
        where T : unmanaged => Wire.Read<T>(_bytes, At<T>(index));

    /// <summary>Writes an element as a scalar.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetScalar<T>(int index, T value)
        where T : unmanaged => Wire.Write(_bytes, At<T>(index), value);

    /// <summary>An element of a list of Bool.</summary>
    public bool GetBool(int index)
    {
        CheckBit(index);
        return ((_bytes[_start + (index >> 3)] >> (index & 7)) & 1) != 0;
    }

    /// <summary>Writes an element of a list of Bool.</summary>
    public void SetBool(int index, bool value)
    {
        CheckBit(index);
        ref var place = ref _bytes[_start + (index >> 3)];
        var mask = 1 << (index & 7);
        place = (byte)(value ? place | mask : place & ~mask);
    }

    internal ListBuilder ExpectScalars(int bits)
    {
        if (_segment is not null && (_dataBits < bits || (_elementSize == ElementSize.Bit && bits > 0)))
        {
            ThrowIncompatible();
        }

        return this;
    }

    internal ListBuilder ExpectBits()
    {
        if (_segment is not null && _elementSize != ElementSize.Bit)
        {
            ThrowIncompatible();
        }

        return this;
    }

    internal ListBuilder ExpectPointers()
    {
        if (_segment is not null && _pointers == 0)
        {
            ThrowIncompatible();
        }

        return this;
    }

    /// <summary>The elements' bytes, where they lie one after another without gaps.</summary>
    internal Span<byte> Packed(int elementBytes) => _segment is null ? default : _bytes.AsSpan(_start, _count * elementBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int At<T>(int index)
        where T : unmanaged
    {
        CheckIndex(index);
        if (_dataBits < Unsafe.SizeOf<T>() * 8)
        {
            ThrowIncompatible();
        }

        return _start + (int)((long)index * _stepBits >> 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckIndex(int index)
    {
        if ((uint)index >= (uint)_count)
        {
            ThrowIndex();
        }
    }

    private void CheckBit(int index)
    {
        CheckIndex(index);
        if (_elementSize != ElementSize.Bit)
        {
            ThrowIncompatible();
        }
    }

    private static void ThrowIndex() => throw new ArgumentOutOfRangeException(null, "the list has fewer elements");

    private static void ThrowIncompatible() =>
        DecodeException.Throw("the elements of a list are not what was expected, nor compatible with it");
}

using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A struct in a message under construction, without its type: fields are written by their offset, as the schema's
/// compiler laid them out. A plain value; valid as long as its message is neither reset nor disposed.
/// </summary>
public readonly struct StructBuilder : IStructBuilder<StructBuilder>
{
    private readonly Segment _segment;
    private readonly byte[] _bytes;
    private readonly int _data;
    private readonly int _dataBytes;
    private readonly ushort _pointers;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal StructBuilder(Segment segment, byte[] bytes, int data, int dataBytes, ushort pointers)
    {
        _segment = segment;
        _bytes = bytes;
        _data = data;
        _dataBytes = dataBytes;
        _pointers = pointers;
    }

    /// <inheritdoc/>
    public static StructSize Size => default;

    /// <summary>The room that this struct has.</summary>
    public StructSize StructSize => new((ushort)((_dataBytes + 7) >> 3), _pointers);

    /// <summary>The data section.</summary>
    public Span<byte> Data => _dataBytes == 0 ? default : _bytes.AsSpan(_data, _dataBytes);

    /// <inheritdoc/>
    public StructBuilder Raw => this;

    internal Segment Segment => _segment;

    internal int PointerPosition => _data + _dataBytes;

    /// <inheritdoc/>
    public static StructBuilder Wrap(StructBuilder raw) => raw;

    /// <inheritdoc/>
    public static StructBuilder Get(PointerBuilder pointer) => pointer.GetStruct(default);

    /// <summary>The struct as a reader.</summary>
    public StructReader AsReader() =>
        _bytes is null ? default : new(_segment, _bytes, _data, _dataBytes, _pointers, (ushort)_segment.Arena.Nesting);

    /// <summary>Reads a Bool.</summary>
    /// <param name="offset">In bits.</param>
    /// <param name="fallback">The field's default.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool GetBool(int offset, bool fallback = false) =>
        (((Wire.Read<byte>(_bytes, At<byte>(offset >> 3)) >> (offset & 7)) & 1) != 0) ^ fallback;

    /// <summary>Reads an Int8.</summary>
    /// <param name="offset">In units of the type's size, as for all that follow.</param>
    /// <param name="fallback">The field's default.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public sbyte GetInt8(int offset, sbyte fallback = 0) => (sbyte)(Load<byte>(offset) ^ (byte)fallback);

    /// <summary>Reads a UInt8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte GetUInt8(int offset, byte fallback = 0) => (byte)(Load<byte>(offset) ^ fallback);

    /// <summary>Reads an Int16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public short GetInt16(int offset, short fallback = 0) => (short)(Load<ushort>(offset) ^ (ushort)fallback);

    /// <summary>Reads a UInt16, or the number of an enum value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort GetUInt16(int offset, ushort fallback = 0) => (ushort)(Load<ushort>(offset) ^ fallback);

    /// <summary>Reads an Int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int GetInt32(int offset, int fallback = 0) => Load<int>(offset) ^ fallback;

    /// <summary>Reads a UInt32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint GetUInt32(int offset, uint fallback = 0) => Load<uint>(offset) ^ fallback;

    /// <summary>Reads an Int64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long GetInt64(int offset, long fallback = 0) => Load<long>(offset) ^ fallback;

    /// <summary>Reads a UInt64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong GetUInt64(int offset, ulong fallback = 0) => Load<ulong>(offset) ^ fallback;

    /// <summary>Reads a Float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float GetFloat32(int offset, float fallback = 0) =>
        BitConverter.UInt32BitsToSingle(Load<uint>(offset) ^ BitConverter.SingleToUInt32Bits(fallback));

    /// <summary>Reads a Float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double GetFloat64(int offset, double fallback = 0) =>
        BitConverter.UInt64BitsToDouble(Load<ulong>(offset) ^ BitConverter.DoubleToUInt64Bits(fallback));

    /// <summary>Writes a Bool.</summary>
    /// <param name="offset">In bits.</param>
    /// <param name="value">The value.</param>
    /// <param name="fallback">The field's default.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetBool(int offset, bool value, bool fallback = false)
    {
        var position = At<byte>(offset >> 3);
        var mask = 1 << (offset & 7);
        var old = Wire.Read<byte>(_bytes, position);
        Wire.Write(_bytes, position, (byte)(value ^ fallback ? old | mask : old & ~mask));
    }

    /// <summary>Writes an Int8.</summary>
    /// <param name="offset">In units of the type's size, as for all that follow.</param>
    /// <param name="value">The value.</param>
    /// <param name="fallback">The field's default.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetInt8(int offset, sbyte value, sbyte fallback = 0) => Store(offset, (byte)(value ^ fallback));

    /// <summary>Writes a UInt8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetUInt8(int offset, byte value, byte fallback = 0) => Store(offset, (byte)(value ^ fallback));

    /// <summary>Writes an Int16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetInt16(int offset, short value, short fallback = 0) => Store(offset, (short)(value ^ fallback));

    /// <summary>Writes a UInt16, or the number of an enum value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetUInt16(int offset, ushort value, ushort fallback = 0) => Store(offset, (ushort)(value ^ fallback));

    /// <summary>Writes an Int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetInt32(int offset, int value, int fallback = 0) => Store(offset, value ^ fallback);

    /// <summary>Writes a UInt32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetUInt32(int offset, uint value, uint fallback = 0) => Store(offset, value ^ fallback);

    /// <summary>Writes an Int64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetInt64(int offset, long value, long fallback = 0) => Store(offset, value ^ fallback);

    /// <summary>Writes a UInt64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetUInt64(int offset, ulong value, ulong fallback = 0) => Store(offset, value ^ fallback);

    /// <summary>Writes a Float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetFloat32(int offset, float value, float fallback = 0) =>
        Store(offset, BitConverter.SingleToUInt32Bits(value) ^ BitConverter.SingleToUInt32Bits(fallback));

    /// <summary>Writes a Float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetFloat64(int offset, double value, double fallback = 0) =>
        Store(offset, BitConverter.DoubleToUInt64Bits(value) ^ BitConverter.DoubleToUInt64Bits(fallback));

    /// <summary>A pointer field.</summary>
    /// <param name="index">In the pointer section.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PointerBuilder GetPointer(int index)
    {
        if ((uint)index >= _pointers)
        {
            ThrowTooSmall();
        }

        return new PointerBuilder(_segment, _bytes, _data + _dataBytes + (index << 3));
    }

    /// <summary>A pointer field for change in place: if it is null, its default is copied in first.</summary>
    /// <param name="index">In the pointer section.</param>
    /// <param name="fallback">What the schema says the field holds unless it is set.</param>
    public PointerBuilder GetPointer(int index, PointerDefault fallback)
    {
        var pointer = GetPointer(index);
        if (pointer.IsNull)
        {
            pointer.Set(fallback.Root);
        }

        return pointer;
    }

    /// <summary>Whether a pointer field is not null.</summary>
    public bool HasPointer(int index) => !GetPointer(index).IsNull;

    /// <summary>Makes a pointer field null; what it led to is cleared.</summary>
    public void ClearPointer(int index) => GetPointer(index).Clear();

    /// <summary>Clears the struct and everything in it.</summary>
    public void Clear()
    {
        for (var i = 0; i < _pointers; i++)
        {
            ClearPointer(i);
        }

        Data.Clear();
    }

    /// <summary>Copies the fields of another struct in, as far as there is room for them; the rest of this struct is cleared.</summary>
    public void CopyFrom(StructReader source)
    {
        Clear();
        if (_bytes is not null)
        {
            WireCopier.CopyContent(source, _segment, _data, _dataBytes, _pointers);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Load<T>(int offset)
        where T : unmanaged => Wire.Read<T>(_bytes, At<T>(offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<T>(int offset, T value)
        where T : unmanaged => Wire.Write(_bytes, At<T>(offset), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int At<T>(int offset)
        where T : unmanaged
    {
        if ((uint)((offset + 1) * Unsafe.SizeOf<T>()) > (uint)_dataBytes)
        {
            ThrowTooSmall();
        }

        return _data + (offset * Unsafe.SizeOf<T>());
    }

    private static void ThrowTooSmall() => throw new InvalidOperationException("the struct has no room for this field");
}

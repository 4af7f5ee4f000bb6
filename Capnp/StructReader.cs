using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A struct in a message, without its type: fields are read by their offset, as the schema's compiler laid them out. What
/// lies beyond the struct's end reads as the default. A plain value; valid as long as its message is open. The default
/// value is the empty struct.
/// </summary>
public readonly struct StructReader : IStructReader<StructReader>
{
    private readonly Segment? _segment;
    private readonly byte[] _bytes;
    private readonly int _data;
    private readonly int _dataBytes;
    private readonly ushort _pointers;
    private readonly ushort _nesting;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal StructReader(Segment segment, byte[] bytes, int data, int dataBytes, ushort pointers, ushort nesting)
    {
        _segment = segment;
        _bytes = bytes;
        _data = data;
        _dataBytes = dataBytes;
        _pointers = pointers;
        _nesting = nesting;
    }

    /// <summary>Bytes of the data section.</summary>
    public int DataBytes => _dataBytes;

    /// <summary>Pointers in the pointer section.</summary>
    public int PointerCount => _pointers;

    /// <summary>The size of the struct as it is in the message.</summary>
    public StructSize StructSize => new((ushort)((_dataBytes + 7) >> 3), _pointers);

    /// <summary>The data section as it is.</summary>
    public ReadOnlySpan<byte> Data => _dataBytes == 0 ? default : _bytes.AsSpan(_data, _dataBytes);

    /// <inheritdoc/>
    public StructReader Raw => this;

    /// <inheritdoc/>
    public static StructReader Wrap(StructReader raw) => raw;

    /// <inheritdoc/>
    public static StructReader Read(PointerReader pointer) => pointer.GetStruct();

    /// <summary>Reads a Bool.</summary>
    /// <param name="offset">In bits.</param>
    /// <param name="fallback">The field's default.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool GetBool(int offset, bool fallback = false) =>
        (uint)offset >> 3 < (uint)_dataBytes
            ? (((Wire.Read<byte>(_bytes, _data + (offset >> 3)) >> (offset & 7)) & 1) != 0) ^ fallback
            : fallback;

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

    /// <summary>Reads a Float32; the default is combined bit by bit, so a NaN survives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float GetFloat32(int offset, float fallback = 0) =>
        BitConverter.UInt32BitsToSingle(Load<uint>(offset) ^ BitConverter.SingleToUInt32Bits(fallback));

    /// <summary>Reads a Float64; the default is combined bit by bit, so a NaN survives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double GetFloat64(int offset, double fallback = 0) =>
        BitConverter.UInt64BitsToDouble(Load<ulong>(offset) ^ BitConverter.DoubleToUInt64Bits(fallback));

    /// <summary>A pointer field; null if the struct is too small to have it.</summary>
    /// <param name="index">In the pointer section.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PointerReader GetPointer(int index) =>
        (uint)index < _pointers ? new PointerReader(_segment, _bytes, _data + _dataBytes + (index << 3), _nesting) : default;

    /// <summary>A pointer field, or its default if it is null.</summary>
    /// <param name="index">In the pointer section.</param>
    /// <param name="fallback">What the schema says the field holds unless it is set.</param>
    public PointerReader GetPointer(int index, PointerDefault fallback)
    {
        var pointer = GetPointer(index);
        return pointer.IsNull ? fallback.Root : pointer;
    }

    /// <summary>Whether a pointer field is there and not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasPointer(int index) =>
        (uint)index < _pointers && Wire.Read<ulong>(_bytes, _data + _dataBytes + (index << 3)) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Load<T>(int offset)
        where T : unmanaged =>
        (uint)((offset + 1) * Unsafe.SizeOf<T>()) <= (uint)_dataBytes
            ? Wire.Read<T>(_bytes, _data + (offset * Unsafe.SizeOf<T>()))
            : default;
}

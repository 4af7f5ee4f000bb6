using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Queue;

/// <summary>Little-endian fields into a buffer writer, with a running CRC-32C over all of them.</summary>
internal struct SnapshotWriter(IBufferWriter<byte> output)
{
    private uint _crc = Crc32C.Empty;

    public void Byte(byte value)
    {
        Span<byte> field = [value];
        Put(field);
    }

    public void UInt32(uint value)
    {
        Span<byte> field = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(field, value);
        Put(field);
    }

    public void UInt64(ulong value)
    {
        Span<byte> field = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(field, value);
        Put(field);
    }

    public void UInt128(UInt128 value)
    {
        Span<byte> field = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(field, value);
        Put(field);
    }

    /// <summary>A length and that many bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        UInt32((uint)bytes.Length);
        Put(bytes);
    }

    /// <summary>The checksum of everything so far; nothing may follow.</summary>
    public void Seal() => UInt32(_crc);

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _crc = Crc32C.Append(_crc, bytes);
        output.Write(bytes);
    }
}

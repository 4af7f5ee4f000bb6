using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Queue;

/// <summary>
/// Reads what <see cref="SnapshotWriter"/> wrote, after checking the CRC-32C that ends it. Every read is checked against what is left,
/// and so is every count, before anything is allocated for it.
/// </summary>
internal ref struct SnapshotReader
{
    private SequenceReader<byte> _reader;

    public SnapshotReader(in ReadOnlySequence<byte> snapshot)
    {
        if (snapshot.Length < sizeof(uint))
        {
            throw new QueueSnapshotException("the snapshot is cut off");
        }

        var body = snapshot.Slice(0, snapshot.Length - sizeof(uint));
        var crc = Crc32C.Empty;
        foreach (var segment in body)
        {
            crc = Crc32C.Append(crc, segment.Span);
        }

        Span<byte> stored = stackalloc byte[sizeof(uint)];
        snapshot.Slice(body.Length).CopyTo(stored);
        Require(crc == BinaryPrimitives.ReadUInt32LittleEndian(stored), "the snapshot's checksum does not match");
        _reader = new SequenceReader<byte>(body);
    }

    public readonly bool AtEnd => _reader.End;

    public static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new QueueSnapshotException(message);
        }
    }

    public byte Byte()
    {
        Span<byte> field = stackalloc byte[1];
        Fill(field);
        return field[0];
    }

    public uint UInt32()
    {
        Span<byte> field = stackalloc byte[sizeof(uint)];
        Fill(field);
        return BinaryPrimitives.ReadUInt32LittleEndian(field);
    }

    public ulong UInt64()
    {
        Span<byte> field = stackalloc byte[sizeof(ulong)];
        Fill(field);
        return BinaryPrimitives.ReadUInt64LittleEndian(field);
    }

    public UInt128 UInt128()
    {
        Span<byte> field = stackalloc byte[16];
        Fill(field);
        return BinaryPrimitives.ReadUInt128LittleEndian(field);
    }

    /// <summary>A count of things that take at least <paramref name="bytesEach"/> bytes each.</summary>
    public int Count(long most, int bytesEach)
    {
        var count = UInt32();
        Require(count <= most && count <= _reader.Remaining / bytesEach, "the snapshot claims more than it holds");
        return (int)count;
    }

    /// <summary>A length and that many bytes, into the start of <paramref name="buffer"/>.</summary>
    public ReadOnlySpan<byte> Bytes(Span<byte> buffer)
    {
        var length = Count(buffer.Length, bytesEach: 1);
        var bytes = buffer[..length];
        Fill(bytes);
        return bytes;
    }

    private void Fill(scoped Span<byte> field)
    {
        Require(_reader.TryCopyTo(field), "the snapshot is cut off");
        _reader.Advance(field.Length);
    }
}

using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Wetware.Wasm.Binary;

/// <summary>
/// Reads the primitives of the binary format from a span. Every method checks the end before it reads and throws a
/// <see cref="ModuleException"/> that says where. Offsets in messages count from the start of the module.
/// </summary>
internal ref struct ByteReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _start;
    private int _at;

    /// <param name="bytes">What to read.</param>
    /// <param name="start">Where <paramref name="bytes"/> begins in the module.</param>
    public ByteReader(ReadOnlySpan<byte> bytes, int start)
    {
        _bytes = bytes;
        _start = start;
    }

    public readonly bool AtEnd => _at == _bytes.Length;

    public readonly int Remaining => _bytes.Length - _at;

    /// <summary>The offset in the module of the next byte.</summary>
    public readonly int Offset => _start + _at;

    public readonly ModuleException Malformed(string reason) => new(ModuleFault.Malformed, Offset, reason);

    public readonly ModuleException Limit(string name, long limit) =>
        new(ModuleFault.LimitExceeded, Offset, $"more than {name} = {limit} allows");

    public byte U8() => _at < _bytes.Length ? _bytes[_at++] : throw Malformed("unexpected end");

    public readonly byte Peek() => _at < _bytes.Length ? _bytes[_at] : throw Malformed("unexpected end");

    public ReadOnlySpan<byte> Take(uint count)
    {
        if (count > (uint)Remaining)
        {
            throw Malformed("unexpected end");
        }

        var taken = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    /// <summary>A reader of the next <paramref name="count"/> bytes, which this one skips.</summary>
    public ByteReader Sub(uint count)
    {
        var start = Offset;
        return count <= (uint)Remaining
            ? new ByteReader(Take(count), start)
            : throw Malformed("length out of bounds: unexpected end");
    }

    public uint FixedU32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong FixedU64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public uint U32()
    {
        if (_at < _bytes.Length && _bytes[_at] < 0x80)
        {
            return _bytes[_at++];
        }

        return (uint)Unsigned(32);
    }

    public int S32() => (int)Signed(32);

    public long S33() => Signed(33);

    public long S64() => Signed(64);

    /// <summary>A count that is followed by at least one byte per item, so a hostile count cannot ask for memory that the module does not pay for.</summary>
    public int Count(int limit, string name)
    {
        var count = U32();
        if (count > (uint)limit)
        {
            throw Limit(name, limit);
        }

        return count <= (uint)Remaining ? (int)count : throw Malformed("unexpected end");
    }

    public string Name()
    {
        var bytes = Take(U32());
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Malformed("malformed UTF-8 encoding");
    }

    private ulong Unsigned(int bits)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = U8();
            var left = bits - shift;
            if (left < 7 && (part & 0x7f) >> left != 0)
            {
                throw Malformed(part >= 0x80 ? "integer representation too long" : "integer too large");
            }

            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }

            if (left <= 7)
            {
                throw Malformed("integer representation too long");
            }
        }
    }

    private long Signed(int bits)
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = U8();
            var left = bits - shift;
            if (left < 7 && !IsSignExtended(part, left))
            {
                throw Malformed(part >= 0x80 ? "integer representation too long" : "integer too large");
            }

            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                var used = shift + 7;
                return used < 64 ? value << (64 - used) >> (64 - used) : value;
            }

            if (left <= 7)
            {
                throw Malformed("integer representation too long");
            }
        }
    }

    /// <summary>Whether the bits of the last byte beyond the number's width repeat its sign bit.</summary>
    private static bool IsSignExtended(byte part, int left)
    {
        var beyond = (sbyte)(part << 1) >> left;
        return beyond is 0 or -1;
    }
}

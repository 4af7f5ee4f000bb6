using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Fuzz.Capnp;

/// <summary>Damages bytes the way that hurts: bits, whole pointers, lengths.</summary>
internal sealed class Mutator(ulong seed)
{
    private Prng _random = new(seed);

    public byte[] Mutate(ReadOnlySpan<byte> original)
    {
        var bytes = original.ToArray();
        for (var changes = _random.Below(6); changes > 0 && bytes.Length > 0; changes--)
        {
            var at = (int)_random.Below((ulong)bytes.Length);
            switch (_random.Below(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << (int)_random.Below(8));
                    break;
                case 1:
                    bytes[at] = (byte)_random.Next();
                    break;
                case 2 when bytes.Length >= 8:
                    at = Math.Min(at & ~7, bytes.Length - 8);
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Pointer());
                    break;
                case 3 when bytes.Length >= 16:
                    // One word over another: pointers that lead to where others lead.
                    var from = (int)_random.Below((ulong)bytes.Length / 8) * 8;
                    bytes.AsSpan(from, 8).CopyTo(bytes.AsSpan(Math.Min(at & ~7, bytes.Length - 8)));
                    break;
                default:
                    bytes = bytes[..(int)_random.Below((ulong)bytes.Length + 1)];
                    break;
            }
        }

        return bytes;
    }

    public string Mutate(string text)
    {
        var chars = text.ToCharArray();
        const string Interesting = "()[]{}\",:=\\x019e-.nu \ud83d";
        for (var changes = 1 + _random.Below(4); changes > 0; changes--)
        {
            chars[_random.Below((ulong)chars.Length)] = Interesting[(int)_random.Below((ulong)Interesting.Length)];
        }

        return new string(chars)[..(int)(_random.Below(4) == 0 ? _random.Below((ulong)chars.Length) : (ulong)chars.Length)];
    }

    private ulong Pointer()
    {
        var kind = _random.Below(4);
        var offset = _random.Below(3) == 0 ? _random.Next() : (ulong)((long)_random.Below(32) - 8);
        var high = _random.Below(3) == 0 ? _random.Next() : _random.Below(1 << 20);
        return kind | ((offset << 2) & 0xFFFF_FFFCUL) | (high << 32);
    }
}

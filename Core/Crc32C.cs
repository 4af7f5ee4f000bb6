using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wetware.Core;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4), by the processor's instruction where it has one. The check value of
/// the nine bytes "123456789" is 0xE3069283.
/// </summary>
public static class Crc32C
{
    /// <summary>The checksum of no bytes; what <see cref="Append"/> starts from.</summary>
    public const uint Empty = 0;

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> data) => Append(Empty, data);

    /// <summary>The checksum of everything that <paramref name="crc"/> covers followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        ref var start = ref MemoryMarshal.GetReference(data);
        var offset = 0;
        for (; data.Length - offset >= sizeof(ulong); offset += sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset)));
        }

        for (; offset < data.Length; offset++)
        {
            crc = BitOperations.Crc32C(crc, Unsafe.Add(ref start, offset));
        }

        return ~crc;
    }
}

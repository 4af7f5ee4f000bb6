using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wetware.Queue;

/// <summary>
/// The 64-bit hash behind the digest: a multiply whose halves are folded, the same on every machine and release. It finds
/// replicas that diverged by accident; it is no defence against somebody who builds collisions on purpose.
/// </summary>
internal static class StateHash
{
    // Odd constants with even bit counts: the fractional digits of the square roots of 2, 3 and 5.
    private const ulong First = 0x6A09E667F3BCC909;
    private const ulong Second = 0xBB67AE8584CAA73B;
    private const ulong Third = 0x3C6EF372FE94F82B;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left ^ First, right ^ Second, out var low);
        return high ^ low;
    }

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Mix(Third, (ulong)bytes.Length);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes), Third);
            bytes = bytes[sizeof(ulong)..];
        }

        var tail = 0UL;
        for (var i = 0; i < bytes.Length; i++)
        {
            tail |= (ulong)bytes[i] << (8 * i);
        }

        return Mix(hash ^ tail, First);
    }
}

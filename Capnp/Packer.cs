using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Wetware.Core;

namespace Wetware.Capnp;

/// <summary>
/// Packs words (encoding specification, "Packing"). A run of words that hardly shrink ends at a word with two zero bytes, as in the C++
/// implementation, so that both write the same bytes.
/// </summary>
internal static class Packer
{
    private const ulong LowBits = 0x0101_0101_0101_0101UL;

    // One tag, its word, a run's length, and the longest run; and what a word's store may overshoot.
    private const int StepBytesMax = 1 + 8 + 1 + (255 * 8) + 8;
    private const int SpanBytes = 8 * 1024;

    /// <summary>Packs whole words.</summary>
    public static void Pack(ReadOnlySpan<byte> words, IBufferWriter<byte> output)
    {
        Invariant.Check((words.Length & 7) == 0);
        ref var input = ref MemoryMarshal.GetReference(words);
        var count = words.Length / 8;
        var index = 0;
        while (index < count)
        {
            var span = output.GetSpan(SpanBytes);
            Invariant.Check(span.Length >= SpanBytes);
            output.Advance(PackSome(ref input, ref index, count, ref MemoryMarshal.GetReference(span), span.Length - StepBytesMax));
        }
    }

    /// <summary>The bits of each byte that is not zero, all set; the rest all clear.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NonZeroBytes(ulong word)
    {
        const ulong High = 0x8080_8080_8080_8080UL;
        return (((((word & ~High) + ~High) | word) & High) >> 7) * 0xFF;
    }

    private static int PackSome(ref byte input, ref int index, int count, ref byte output, int limit)
    {
        var at = 0;
        var i = index;
        while (i < count && at <= limit)
        {
            var word = Load(ref input, i++);
            if (word == 0)
            {
                var zeros = ZeroRun(ref input, i, count);
                i += zeros;
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, at), (ushort)(zeros << 8));
                at += 2;
                continue;
            }

            var mask = NonZeroBytes(word);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, at + 1), Squeeze(word, mask));
            Unsafe.Add(ref output, at) = TagOf(mask);
            at += 1 + (BitOperations.PopCount(mask) >> 3);
            if (mask == ulong.MaxValue)
            {
                var run = DenseRun(ref input, i, count);
                Unsafe.Add(ref output, at++) = (byte)run;
                Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref output, at), ref Unsafe.Add(ref input, (nuint)(uint)i * 8), (uint)run * 8);
                at += run * 8;
                i += run;
            }
        }

        index = i;
        return at;
    }

    private static int ZeroRun(ref byte input, int start, int count)
    {
        var end = Math.Min(count, start + 255);
        var i = start;
        while (i < end && Load(ref input, i) == 0)
        {
            i++;
        }

        return i - start;
    }

    private static int DenseRun(ref byte input, int start, int count)
    {
        var end = Math.Min(count, start + 255);
        var i = start;
        while (i < end && BitOperations.PopCount(NonZeroBytes(Load(ref input, i))) >= 56)
        {
            i++;
        }

        return i - start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ref byte input, int index) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref input, (nuint)(uint)index * 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte TagOf(ulong mask) => Bmi2.X64.IsSupported
        ? (byte)Bmi2.X64.ParallelBitExtract(mask, LowBits)
        : (byte)(((mask & LowBits) * 0x0102_0408_1020_4080UL) >> 56);

    /// <summary>Brings the bytes that are not zero together at the low end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Squeeze(ulong word, ulong mask) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitExtract(word, mask) : SqueezeSlowly(word);

    private static ulong SqueezeSlowly(ulong word)
    {
        var squeezed = 0UL;
        for (var shift = 0; word != 0; word >>= 8)
        {
            if ((word & 0xFF) != 0)
            {
                squeezed |= (word & 0xFF) << shift;
                shift += 8;
            }
        }

        return squeezed;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Wetware.Core;

/// <summary>
/// A seeded pseudo-random number generator, xoshiro256** seeded through splitmix64 (Blackman and Vigna,
/// "Scrambled linear pseudorandom number generators", 2021). The same seed gives the same sequence on every machine
/// and release. Mutable struct: keep it in a field and pass it by reference. Not for secrets.
/// </summary>
public struct Prng
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the sequence of <paramref name="seed"/>.</summary>
    public Prng(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>The next 64 uniform bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform number in [0, <paramref name="bound"/>).</summary>
    /// <param name="bound">At least 1.</param>
    public ulong Below(ulong bound)
    {
        Invariant.Check(bound > 0);
        // Lemire 2019: multiply-shift, rejecting the few values that would make the result uneven.
        var high = Math.BigMul(Next(), bound, out var low);
        if (low < bound)
        {
            var threshold = unchecked(0UL - bound) % bound;
            while (low < threshold)
            {
                high = Math.BigMul(Next(), bound, out low);
            }
        }

        return high;
    }

    /// <summary>A uniform number in [<paramref name="minimum"/>, <paramref name="maximum"/>], both included.</summary>
    public int Between(int minimum, int maximum)
    {
        Invariant.Check(minimum <= maximum);
        return (int)(minimum + (long)Below((ulong)((long)maximum - minimum + 1)));
    }

    /// <summary>A uniform number in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability, from 0 to 1.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Fills <paramref name="destination"/> with uniform bytes.</summary>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(destination, Next());
            destination = destination[sizeof(ulong)..];
        }

        for (var bits = Next(); destination.Length > 0; bits >>= 8)
        {
            destination[0] = (byte)bits;
            destination = destination[1..];
        }
    }

    /// <summary>Puts <paramref name="items"/> in a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)Below((ulong)i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>A generator of its own, whose sequence does not move this one's beyond this one draw.</summary>
    public Prng Fork() => new(Next());

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

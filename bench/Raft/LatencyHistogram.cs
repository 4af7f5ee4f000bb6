using System.Numerics;

namespace Wetware.Bench.Raft;

/// <summary>
/// How long operations took, in buckets of 3 %. Every thread counts in an array of its own, which stays in its cache: to note a million times one by one would cost
/// more than what is measured.
/// </summary>
internal sealed class LatencyHistogram : IDisposable
{
    private const int PartBits = 5;
    private const int Buckets = (64 - PartBits) << PartBits;

    private readonly ThreadLocal<long[]> _counts = new(static () => new long[Buckets], trackAllValues: true);

    /// <summary>How many were noted.</summary>
    public long Count => _counts.Values.Sum(static counts => counts.Sum());

    /// <summary>Notes one.</summary>
    /// <param name="ticks">Not negative.</param>
    public void Add(long ticks) => _counts.Value![BucketOf((ulong)ticks)]++;

    /// <summary>How long a share of them took at most, in the units noted. Not while threads note.</summary>
    /// <param name="share">0.5 for the median.</param>
    public double Quantile(double share)
    {
        var rest = (long)(share * (Count - 1));
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            rest -= _counts.Values.Sum(counts => counts[bucket]);
            if (rest < 0)
            {
                return MiddleOf(bucket);
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _counts.Dispose();

    // Small values have a bucket each; above, each power of two has 32.
    private static int BucketOf(ulong value)
    {
        var power = Math.Max(0, BitOperations.Log2(value | 1) - PartBits);
        return (power << PartBits) + (int)(value >> power);
    }

    private static double MiddleOf(int bucket)
    {
        var power = Math.Max(0, (bucket >> PartBits) - 1);
        return ((bucket - (power << PartBits)) + 0.5) * Math.Pow(2, power);
    }
}

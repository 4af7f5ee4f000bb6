using System.Diagnostics;
using System.Globalization;

namespace Wetware.Bench.Rpc;

/// <summary>What a load measured.</summary>
/// <param name="Operations">How many there were.</param>
/// <param name="Elapsed">How long all took.</param>
/// <param name="Latencies">How long each took, in ticks of the stopwatch, sorted; empty if not measured.</param>
/// <param name="Bytes">How many went by; 0 if that is not what is measured.</param>
internal readonly record struct Report(long Operations, TimeSpan Elapsed, List<long> Latencies, long Bytes)
{
    public string ToString(CultureInfo culture)
    {
        if (Bytes > 0)
        {
            return string.Format(culture, "MB/s={0:F1}", Bytes / Elapsed.TotalSeconds / 1e6);
        }

        var rate = string.Format(culture, "rate={0:F0}", Operations / Elapsed.TotalSeconds);
        return Latencies.Count == 0 ? rate : rate + string.Format(culture, " p50={0:F1} p99={1:F1}", Percentile(0.5), Percentile(0.99));
    }

    private double Percentile(double share) => Latencies[(int)((Latencies.Count - 1) * share)] * 1e6 / Stopwatch.Frequency;
}

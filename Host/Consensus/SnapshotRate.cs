using Wetware.Core;
using Wetware.Raft.Log;

namespace Wetware.Host.Consensus;

/// <summary>
/// The rate that all transfers of snapshots of a node share. After a rest a tenth of a second's worth passes at once, or a piece if that is more.
/// One caller at a time.
/// </summary>
internal sealed class SnapshotRate
{
    private TokenBucket _bytes;

    /// <param name="bytesPerSecond">From 1 to <see cref="Limits.SnapshotBytesPerSecondMax"/>.</param>
    public SnapshotRate(long bytesPerSecond)
    {
        Invariant.Check(bytesPerSecond is > 0 and <= Limits.SnapshotBytesPerSecondMax);
        BurstBytes = Math.Max(bytesPerSecond / 10, LogLimits.SnapshotChunkBytes);
        _bytes = new TokenBucket(bytesPerSecond, BurstBytes, TimeSpan.Zero);
    }

    /// <summary>What passes at once after a rest.</summary>
    public long BurstBytes { get; }

    /// <inheritdoc cref="TokenBucket.Take"/>
    public TimeSpan Take(long bytes, TimeSpan now) => _bytes.Take(bytes, now);
}

using Wetware.Core;

namespace Wetware.Rpc.Flow;

/// <summary>A window that never changes: for links whose product of rate and delay is known.</summary>
/// <param name="windowBytes">At least 1.</param>
public sealed class FixedWindow(long windowBytes) : IFlowController
{
    /// <inheritdoc/>
    public long WindowBytes { get; } = windowBytes > 0 ? windowBytes : throw new ArgumentOutOfRangeException(nameof(windowBytes));

    /// <inheritdoc/>
    public FlowStamp Sent(long bytes, long now, bool limitedByWindow)
    {
        Invariant.Check(bytes > 0);
        return new FlowStamp(bytes, now, 0, 0, true);
    }

    /// <inheritdoc/>
    public void Returned(in FlowStamp stamp, long now)
    {
        // Nothing to learn.
    }
}

namespace Wetware.Rpc.Flow;

/// <summary>
/// Decides how many bytes of streaming calls may be under way to one object. Pure: time comes in as a number. One
/// instance serves one stream; its owner locks.
/// </summary>
public interface IFlowController
{
    /// <summary>
    /// Bytes that may be under way; the next message may start while fewer are. A message larger than the window still goes, alone.
    /// </summary>
    long WindowBytes { get; }

    /// <summary>A message leaves.</summary>
    /// <param name="bytes">Its size; at least 1.</param>
    /// <param name="now">Nanoseconds on a clock that never goes back.</param>
    /// <param name="limitedByWindow">Whether the sender had waited for the window; if not, the application is the bottleneck.</param>
    /// <returns>To be handed back to <see cref="Returned"/>.</returns>
    FlowStamp Sent(long bytes, long now, bool limitedByWindow);

    /// <summary>A message was answered, whatever the answer.</summary>
    /// <param name="stamp">What <see cref="Sent"/> gave for it; each exactly once, in any order.</param>
    /// <param name="now">Nanoseconds on the same clock.</param>
    void Returned(in FlowStamp stamp, long now);
}

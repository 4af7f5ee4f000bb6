namespace Wetware.Rpc.Flow;

/// <summary>What was true when a message left; its answer is judged by it.</summary>
/// <param name="Bytes">The message's size.</param>
/// <param name="SentAt">When it left, in nanoseconds.</param>
/// <param name="DeliveredBytes">Bytes that had been answered by then.</param>
/// <param name="DeliveredAt">When the latest of those were answered.</param>
/// <param name="IsAppLimited">Whether too little was under way to learn the link's rate from it.</param>
public readonly record struct FlowStamp(long Bytes, long SentAt, long DeliveredBytes, long DeliveredAt, bool IsAppLimited);

namespace Wetware.Protocol.Queues;

/// <summary>A message seen by a scan.</summary>
/// <param name="Offset">Its place in the topic.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">Leases that counted so far.</param>
/// <param name="Payload">The message.</param>
public readonly record struct ScannedMessage(ulong Offset, MessageState State, uint Attempts, ReadOnlyMemory<byte> Payload);

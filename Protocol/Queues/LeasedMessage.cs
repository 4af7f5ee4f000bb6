namespace Wetware.Protocol.Queues;

/// <summary>A message handed out by a lease.</summary>
/// <param name="Token">What acks, nacks and extends it.</param>
/// <param name="Attempts">Which try this is, from 1; leases given back do not count.</param>
/// <param name="Deadline">When the lease runs out, in Unix milliseconds of the replicated clock.</param>
/// <param name="Payload">The message.</param>
public readonly record struct LeasedMessage(LeaseToken Token, uint Attempts, ulong Deadline, ReadOnlyMemory<byte> Payload);

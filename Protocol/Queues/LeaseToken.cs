namespace Wetware.Protocol.Queues;

/// <summary>
/// What proves that its holder leased a message: the message's offset in its topic, and the number of the lease. A message
/// counts its leases and never reuses a number, so the token of an expired lease cannot ack the next holder's work.
/// </summary>
/// <param name="Offset">The message's place in its topic, from 0.</param>
/// <param name="Lease">Which lease of that message, from 1.</param>
public readonly record struct LeaseToken(ulong Offset, uint Lease);

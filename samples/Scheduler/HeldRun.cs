using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Samples.Scheduler;

/// <summary>A run that a worker has taken.</summary>
/// <param name="Ticket">Which.</param>
/// <param name="Token">What proves that the worker holds it.</param>
/// <param name="Attempt">Which try it is, from 1.</param>
internal sealed record HeldRun(RunTicket Ticket, LeaseToken Token, uint Attempt);

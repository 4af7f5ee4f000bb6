using Wetware.Core;

namespace Wetware.Raft;

/// <summary>
/// An answer to a request for a read index: once the state machine has applied up to <paramref name="Index"/>, a read
/// that was requested under <paramref name="Context"/> is linearizable (Ongaro 2014, section 6.4).
/// </summary>
/// <param name="Index">The index to have applied.</param>
/// <param name="Context">The number that the requester chose.</param>
public readonly record struct ReadState(LogIndex Index, ulong Context);

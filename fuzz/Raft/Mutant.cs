namespace Wetware.Fuzz.Raft;

/// <summary>A bug planted in the simulated host, for the canary: the simulator must find each of them.</summary>
internal enum Mutant
{
    /// <summary>No bug.</summary>
    None,

    /// <summary>Acknowledgements and votes leave before they are durable.</summary>
    AckBeforeSync,

    /// <summary>A restart forgets the vote.</summary>
    VoteForgotten,

    /// <summary>A restart forgets the last entries, and the host does not say so.</summary>
    TailForgotten,

    /// <summary>Entries are applied twice after a restart, because the applied index is taken for granted.</summary>
    AppliedTooHigh,

    /// <summary>After a pause, leases go on as if no time had passed.</summary>
    PauseForgotten,
}

namespace Wetware.Raft;

/// <summary>What a member currently does. Only the transitions of the core, each with a name, change it.</summary>
public enum Role : byte
{
    /// <summary>Follows a leader, or waits for one.</summary>
    Follower = 0,

    /// <summary>Asks for votes in its own new term.</summary>
    Candidate = 1,

    /// <summary>Leads its term.</summary>
    Leader = 2,

    /// <summary>Asks whether it would win an election, without having changed its term (Ongaro 2014, section 9.6).</summary>
    PreCandidate = 3,
}

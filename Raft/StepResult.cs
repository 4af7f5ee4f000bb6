namespace Wetware.Raft;

/// <summary>What became of a message or request. Trouble that others can cause is one of these, never an exception.</summary>
public enum StepResult : byte
{
    /// <summary>It was taken; what follows from it is in the next <see cref="Ready"/>, if anything does.</summary>
    Ok = 0,

    /// <summary>The proposal will never be in the log.</summary>
    ProposalDropped = 1,

    /// <summary>A type that only this member may send to itself came from outside; ignored.</summary>
    LocalMessage = 2,

    /// <summary>An answer from somebody who is not a member; ignored.</summary>
    PeerNotFound = 3,

    /// <summary>The message contradicts itself, or this member's own log beyond what a correct peer can; ignored.</summary>
    Malformed = 4,
}

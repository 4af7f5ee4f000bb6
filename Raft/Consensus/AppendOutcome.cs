namespace Wetware.Raft.Consensus;

/// <summary>How an append from a leader went.</summary>
internal enum AppendOutcome : byte
{
    /// <summary>The log now holds the entries.</summary>
    Appended = 0,

    /// <summary>The entry before them is missing or another one.</summary>
    Mismatch = 1,

    /// <summary>They contradict what is committed: no correct leader sends that.</summary>
    Contradiction = 2,
}

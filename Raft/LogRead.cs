namespace Wetware.Raft;

/// <summary>How a read from a log's storage ended.</summary>
public enum LogRead : byte
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>The index is before the first that is kept; a snapshot stands for it.</summary>
    Compacted = 1,

    /// <summary>The index is after the last that is kept, or not readable now.</summary>
    Unavailable = 2,
}

namespace Wetware.Raft.Log;

/// <summary>What the log knows of an entry.</summary>
internal enum EntryState : byte
{
    /// <summary>It is on disk, or on its way, and can be read.</summary>
    Known = 0,

    /// <summary>It was acknowledged; its term and size are known, its payload is damaged.</summary>
    Damaged = 1,

    /// <summary>Something was acknowledged here, or may have been; nothing about it is known for sure.</summary>
    Lost = 2,
}

namespace Wetware.Raft.Log.Format;

/// <summary>What a record of a segment says.</summary>
internal enum RecordType : byte
{
    /// <summary>Unwritten space.</summary>
    None = 0,

    /// <summary>An entry of a group: term, index, payload.</summary>
    Entry = 1,

    /// <summary>A hard state: term, vote in Extra, commit in Index.</summary>
    HardState = 2,

    /// <summary>Entries up to Index, whose last has Term, are no longer needed.</summary>
    Compact = 3,

    /// <summary>A snapshot stands for everything up to Index, at Term; all entries of the group are gone.</summary>
    Reset = 4,

    /// <summary>First of a segment: Group is the previous segment's number, Index its end, Term the last batch before.</summary>
    Link = 5,

    /// <summary>Last of a batch: Index counts the records before it.</summary>
    End = 6,

    /// <summary>The group's entries after Index are gone.</summary>
    Truncate = 7,
}

namespace Wetware.Raft.Log.Format;

/// <summary>How an entry record changes the group's log.</summary>
[Flags]
internal enum RecordFlags : ushort
{
    /// <summary>It becomes the last entry: whatever the group had at its index and after is gone.</summary>
    None = 0,

    /// <summary>It says again what the group has at its index; later entries stay.</summary>
    Restates = 1,
}

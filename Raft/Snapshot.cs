namespace Wetware.Raft;

/// <summary>
/// The state that stands for a prefix of the log. The core looks only at the metadata; <see cref="Data"/> is whatever
/// the host needs to find or rebuild the state (the state itself, or a reference to a file), and is passed on unread.
/// </summary>
/// <param name="metadata">What it stands for; its index is at least 1.</param>
/// <param name="data">Opaque bytes, unchanged for as long as anybody holds the snapshot.</param>
public sealed class Snapshot(SnapshotMetadata metadata, ReadOnlyMemory<byte> data)
{
    /// <summary>What the snapshot stands for.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>Opaque bytes of the host.</summary>
    public ReadOnlyMemory<byte> Data { get; } = data;
}

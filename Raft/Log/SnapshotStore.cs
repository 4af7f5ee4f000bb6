using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>The snapshot files of a data folder. Belongs to the thread that owns the log; writers and readers may move elsewhere.</summary>
public sealed class SnapshotStore
{
    private readonly IFileSystem _files;
    private readonly List<Stored> _stored = [];

    internal SnapshotStore(IFileSystem files) => _files = files;

    private readonly record struct Stored(GroupId Group, LogIndex Index, Term Term, bool IsPartial, Snapshot? Snapshot, SnapshotWriter? Writer = null);

    /// <summary>
    /// Starts to store a snapshot, or goes on with one of the same group, index, term and configuration that was broken off: then
    /// <see cref="SnapshotWriter.Bytes"/> tells from where.
    /// </summary>
    /// <exception cref="SnapshotBusyException">Another writer has it: two leaders may send the same.</exception>
    public SnapshotWriter Begin(GroupId group, in SnapshotMetadata metadata)
    {
        var (index, term) = (metadata.Index, metadata.Term);
        var at = _stored.FindIndex(s => s.Group == group && s.Index == index && s.Term == term && s.IsPartial);
        if (at >= 0 && _stored[at].Writer is { IsOpen: true })
        {
            throw new SnapshotBusyException(group, index);
        }

        var isPartial = at >= 0 && _stored[at].Writer is not { IsComplete: true };
        var writer = new SnapshotWriter(_files, group, metadata, isPartial);
        var stored = new Stored(group, index, term, IsPartial: true, null, writer);
        if (at >= 0)
        {
            _stored[at] = stored;
        }
        else
        {
            _stored.Add(stored);
        }

        return writer;
    }

    /// <summary>A complete snapshot of exactly that index and term, if the folder holds one.</summary>
    public Snapshot? Find(GroupId group, LogIndex index, Term term)
    {
        foreach (var stored in _stored)
        {
            if (stored.Group == group && stored.Index == index && stored.Term == term && !stored.IsPartial)
            {
                return stored.Snapshot;
            }
        }

        return null;
    }

    /// <summary>Opens a complete snapshot for reading.</summary>
    public SnapshotReader Open(GroupId group, Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (!SnapshotReference.TryDecode(snapshot.Data.Span, out var reference))
        {
            throw new ArgumentException("the snapshot is not one of this store", nameof(snapshot));
        }

        var name = FileNames.Snapshot(group, snapshot.Metadata.Index, snapshot.Metadata.Term);
        var file = _files.Open(name);
        // The same snapshot may have been stored again since, from another sender, who need not have written it the same way.
        var bytes = new byte[SnapshotHeader.Bytes];
        var isNamed = SnapshotHeader.TryRead(bytes.AsSpan(0, file.ReadAt(bytes, 0)), out var header) && header.IsComplete;
        return new(file, name, isNamed ? new(header.DataBytes, header.DataChecksum) : reference);
    }

    /// <summary>Deletes the group's snapshots that are older than the one that stands for its log, and those broken off before it.</summary>
    public void Prune(GroupLog group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (group.LatestSnapshot is not { } latest)
        {
            return;
        }

        var old = _stored.FindAll(s => s.Group == group.Id
            && (s.Index < latest.Metadata.Index || (s.IsPartial && s.Index == latest.Metadata.Index)));
        _stored.RemoveAll(old.Contains);
        foreach (var stored in old)
        {
            _files.Delete(NameOf(stored));
        }
    }

    /// <summary>A writer has completed it, and it is put to use.</summary>
    internal void Completed(GroupId group, Snapshot snapshot)
    {
        var (index, term, _) = snapshot.Metadata;
        // Somebody may have begun to write the same once more, and has the file until it is done.
        _stored.RemoveAll(s => s.Group == group && s.Index == index && s.Term == term && s.Writer is not { IsOpen: true });
        _stored.Add(new(group, index, term, IsPartial: false, snapshot));
    }

    /// <summary>Reads which snapshots there are. Files whose headers are damaged throughout are of no use.</summary>
    internal void Load(IReadOnlyList<string> names, List<string> garbage)
    {
        var bytes = new byte[SnapshotHeader.Bytes];
        foreach (var name in names)
        {
            if (!FileNames.TrySnapshot(name, out var group, out var index, out var term, out var isPartial))
            {
                continue;
            }

            if (isPartial)
            {
                _stored.Add(new(group, index, term, isPartial, null));
                continue;
            }

            using var file = _files.Open(name);
            var read = file.ReadAt(bytes, 0);
            if (SnapshotHeader.TryRead(bytes.AsSpan(0, read), out var header)
                && header.IsComplete
                && header.Group == group
                && header.Metadata.Index == index
                && header.Metadata.Term == term)
            {
                var reference = new SnapshotReference(header.DataBytes, header.DataChecksum);
                _stored.Add(new(group, index, term, isPartial, new(header.Metadata, reference.Encode())));
            }
            else
            {
                garbage.Add(name);
            }
        }
    }

    /// <summary>The newest snapshot that the group's log, as recovered, agrees with.</summary>
    internal Snapshot? LatestFor(GroupLog group)
    {
        Snapshot? latest = null;
        foreach (var stored in _stored)
        {
            if (stored.Group == group.Id
                && stored.Snapshot is not null
                && stored.Index <= group.StoredLast
                && (latest is null || stored.Index > latest.Metadata.Index)
                && (group.Term(stored.Index, out var term) != LogRead.Ok || term == stored.Term))
            {
                latest = stored.Snapshot;
            }
        }

        return latest;
    }

    private static string NameOf(in Stored stored) => stored.IsPartial
        ? FileNames.PartialSnapshot(stored.Group, stored.Index, stored.Term)
        : FileNames.Snapshot(stored.Group, stored.Index, stored.Term);
}

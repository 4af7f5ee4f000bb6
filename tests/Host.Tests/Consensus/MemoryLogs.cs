using System.Buffers;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;

namespace Wetware.Host.Tests.Consensus;

/// <summary>The logs of a node's groups in memory, where everything is durable at once.</summary>
internal sealed class MemoryLogs : ILogWriter
{
    private readonly Dictionary<GroupId, MemoryStorage> _storages = [];
    private readonly List<AppendJob> _appended = [];

    /// <summary>The storage of a group, which begins with a snapshot.</summary>
    public MemoryStorage Begin(GroupId group, Snapshot snapshot)
    {
        var storage = new MemoryStorage();
        storage.Install(snapshot);
        _storages.Add(group, storage);
        return storage;
    }

    public void Append(AppendJob job)
    {
        var (ready, storage) = (job.Ready, _storages[job.Group.Id]);
        if (!ready.HardState.IsEmpty)
        {
            storage.SetHardState(ready.HardState);
        }

        if (ready.Snapshot is { } snapshot)
        {
            storage.Install(snapshot);
        }

        storage.Append(ready.Entries.Span);
        _appended.Add(job);
    }

    public void StoreSnapshot(GroupId group, in SnapshotMetadata metadata, Action<IBufferWriter<byte>> write, Action<Snapshot?> then)
    {
        var state = new ArrayBufferWriter<byte>();
        write(state);
        then(new Snapshot(metadata, state.WrittenMemory));
    }

    public void Offer(GroupId group, Snapshot stored, LogIndex keepFrom)
    {
        var storage = _storages[group];
        storage.Offer(stored);
        if (keepFrom > storage.FirstIndex)
        {
            storage.Compact(keepFrom.Previous);
        }
    }

    public ReadOnlyMemory<byte> ReadSnapshot(GroupId group, Snapshot snapshot) => snapshot.Data;

    public bool Pump()
    {
        var jobs = _appended.ToArray();
        _appended.Clear();
        foreach (var job in jobs)
        {
            job.Group.Appended(job);
        }

        return jobs.Length > 0;
    }

    public void Flushed()
    {
    }
}

using System.Buffers;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;

namespace Wetware.Bench.Raft;

/// <summary>A log that is durable at once because nothing is: what the loop costs without a disk.</summary>
internal sealed class MemoryLog : ILogWriter
{
    private List<AppendJob> _appended = [];
    private List<AppendJob> _finishing = [];

    public MemoryStorage Storage { get; } = new();

    public void Append(AppendJob job)
    {
        if (!job.Ready.HardState.IsEmpty)
        {
            Storage.SetHardState(job.Ready.HardState);
        }

        Storage.Append(job.Ready.Entries.Span);
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
        Storage.Offer(stored);
        if (keepFrom > Storage.FirstIndex)
        {
            Storage.Compact(keepFrom.Previous);
        }
    }

    public ReadOnlyMemory<byte> ReadSnapshot(GroupId group, Snapshot snapshot) => snapshot.Data;

    public bool Pump()
    {
        (_appended, _finishing) = (_finishing, _appended);
        foreach (var job in _finishing)
        {
            job.Group.Appended(job);
        }

        var isAny = _finishing.Count > 0;
        _finishing.Clear();
        return isAny;
    }

    public void Flushed()
    {
        // There is no flush.
    }
}

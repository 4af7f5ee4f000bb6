using System.Buffers;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Host.Consensus;

/// <summary>
/// The loop's write-ahead log. Jobs are appended to its open batch on the loop; one batch after the other is written and synced
/// elsewhere, each with everything that gathered while the one before was on its way to the disk.
/// </summary>
internal sealed class LogWriter : ILogWriter
{
    private readonly WriteAheadLog _log;
    private readonly ILogWork _work;
    private readonly ILogger _logger;
    private readonly Action _flush;
    private List<AppendJob> _waiting = [];
    private List<AppendJob> _flushing = [];
    private bool _isFlushing;
    private bool _isReclaimDue;
    private Exception? _failure;

    public LogWriter(WriteAheadLog log, ILogWork work, ILogger logger)
    {
        (_log, _work, _logger) = (log, work, logger);
        _flush = RunFlush;
    }

    public SnapshotStore Snapshots => _log.Snapshots;

    public void Append(AppendJob job)
    {
        var (ready, state) = (job.Ready, job.Ready.HardState);
        var group = _log.Group(job.Group.Id);
        if (!state.IsEmpty)
        {
            // The entries may not fit the same batch, and a crash may leave one batch without the next: a term must be there before them, that they are committed only after them.
            group.SetHardState(state.Commit > group.StoredLast ? state with { Commit = group.HardState.Commit } : state);
        }

        if (ready.Snapshot is { } snapshot)
        {
            group.Install(snapshot);
        }

        group.Append(ready.Entries.Span);
        if (!state.IsEmpty && group.HardState != state)
        {
            group.SetHardState(state);
        }

        _waiting.Add(job);
    }

    public void StoreSnapshot(GroupId group, in SnapshotMetadata metadata, Action<IBufferWriter<byte>> write, Action<Snapshot?> then)
    {
        try
        {
            // The list of what is stored is the loop's; only the data are written elsewhere.
            var writer = _log.Snapshots.Begin(group, metadata);
            if (writer.Bytes > 0)
            {
                // Part of a leader's, who need not have written the same state in the same way.
                writer.Discard();
                writer = _log.Snapshots.Begin(group, metadata);
            }

            _work.Store(group, () => Store(writer, write, then));
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            Log.SnapshotFailed(_logger, failure.Message);
            then(null);
        }
    }

    public void Offer(GroupId group, Snapshot stored, LogIndex keepFrom)
    {
        var log = _log.Group(group);
        if (log.LatestSnapshot is { } newer && newer.Metadata.Index >= stored.Metadata.Index)
        {
            // A leader's snapshot overtook ours.
            return;
        }

        log.Offer(stored);
        if (keepFrom > log.FirstIndex && keepFrom <= log.LastIndex)
        {
            log.Compact(keepFrom.Previous);
        }

        _log.Snapshots.Prune(log);
        _isReclaimDue = true;
    }

    public ReadOnlyMemory<byte> ReadSnapshot(GroupId group, Snapshot snapshot)
    {
        using var reader = _log.Snapshots.Open(group, snapshot);
        var state = new byte[reader.Reference.Bytes];
        for (var at = 0; at < state.Length;)
        {
            var chunk = reader.ReadChunk(at);
            chunk.CopyTo(state.AsSpan(at));
            at += chunk.Length;
        }

        return state;
    }

    public bool Pump()
    {
        if (_log.IsDamaged)
        {
            // The cores took for granted what they had read before; after a restart they know what is missing, and ask their peers for it.
            throw new LogFailedException("the log cannot read back an entry that it holds; restart the node, and its peers send the entry again");
        }

        if (_isFlushing)
        {
            return false;
        }

        var isAnyUrgent = false;
        foreach (var job in _waiting)
        {
            isAnyUrgent |= job.Ready.MustSync || job.Ready.Snapshot is not null;
        }

        // A mere commit index is no reason to sync: it goes along with the next batch.
        if (isAnyUrgent && _log.BeginFlush())
        {
            (_waiting, _flushing) = (_flushing, _waiting);
            _isFlushing = true;
            _work.Flush(_flush);
            return false;
        }

        return Finish(_waiting);
    }

    public void Flushed()
    {
        _isFlushing = false;
        if (_failure is not null)
        {
            throw _failure;
        }

        _log.EndFlush();
        _ = Finish(_flushing);
        if (_isReclaimDue && _log.PendingBytes == 0)
        {
            _isReclaimDue = false;
            _log.Reclaim();
        }
    }

    private static bool Finish(List<AppendJob> jobs)
    {
        if (jobs.Count == 0)
        {
            return false;
        }

        foreach (var job in jobs)
        {
            job.Group.Appended(job);
        }

        jobs.Clear();
        return true;
    }

    private Action Store(SnapshotWriter begun, Action<IBufferWriter<byte>> write, Action<Snapshot?> then)
    {
        try
        {
            using var writer = begun;
            var output = new SnapshotOutput(writer);
            write(output);
            output.Flush();
            var stored = writer.Complete();
            return () => then(stored);
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            // The log is whole without it.
            Log.SnapshotFailed(_logger, failure.Message);
            return () => then(null);
        }
    }

    private void RunFlush()
    {
        try
        {
            _log.RunFlush();
        }
        catch (LogException failure)
        {
            _failure = failure;
        }
    }
}

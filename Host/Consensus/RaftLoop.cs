using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Raft.Log;

namespace Wetware.Host.Consensus;

/// <summary>
/// The one thread that drives every Raft group of this node: it takes what arrived, ticks, and lets each group carry out
/// what its core asks for. It never waits for disk or network. Everything else posts to it.
/// </summary>
internal sealed class RaftLoop : IDisposable
{
    private readonly Inbox<RaftEvent> _inbox = new();
    private readonly RaftGroups _groups = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TimeSpan _tick;
    private readonly ServerId _process;
    private readonly ILogger _logger;
    private ILogWriter _log = null!;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private long _pendingCount;
    private ulong _proposals;
    private volatile bool _isStopping;

    public RaftLoop(ServerId process, TimeSpan tick, ILogger logger)
    {
        _process = process;
        _tick = tick;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "wetware-raft" };
    }

    /// <summary>Completes when the loop has ended; faulted if it ended by itself.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Milliseconds since the loop was made; deadlines are on this clock.</summary>
    public long Now => _clock.ElapsedMilliseconds;

    /// <summary>Adds a group. Only before <see cref="Start"/>.</summary>
    public void Add(RaftGroup group)
    {
        Invariant.Check(!_thread.IsAlive);
        _groups.Add(group);
    }

    /// <summary>Starts the thread.</summary>
    /// <param name="log">Where the groups' jobs go.</param>
    public void Start(ILogWriter log)
    {
        _log = log;
        _thread.Start();
    }

    public RaftGroup? Find(GroupId group) => _groups.Find(group);

    /// <summary>What every group is up to; any thread may ask.</summary>
    public IEnumerable<GroupStatus> Status => _groups.All.Select(group => group.Status);

    public bool Post(in RaftEvent happened) => _inbox.Post(happened);

    /// <summary>Replicates a command through this node, which must lead the group.</summary>
    /// <param name="group">Which group.</param>
    /// <param name="command">Copied.</param>
    /// <param name="timeout">After which the outcome is unknown.</param>
    public async Task<Outcome> ProposeAsync(GroupId group, ReadOnlyMemory<byte> command, TimeSpan timeout)
    {
        if (command.Length > Limits.CommandBytesMax)
        {
            return Outcome.Dropped($"a command may have {Limits.CommandBytesMax} bytes, not {command.Length}");
        }

        if (_isStopping || Interlocked.Increment(ref _pendingCount) > Limits.ProposalsPendingMax)
        {
            Interlocked.Decrement(ref _pendingCount);
            return Outcome.Dropped(_isStopping ? "the node is stopping" : "the node has too many proposals under way");
        }

        try
        {
            var header = new EntryHeader(_process.Value, Interlocked.Increment(ref _proposals));
            var payload = new byte[EntryHeader.Bytes + command.Length];
            header.Write(payload);
            command.Span.CopyTo(payload.AsSpan(EntryHeader.Bytes));
            var proposal = new Proposal(payload, header, Now + (long)timeout.TotalMilliseconds);
            return Post(new RaftEvent(RaftEventKind.Proposal, group) { Subject = proposal })
                ? await proposal.Done.ConfigureAwait(false)
                : Outcome.Dropped("the node is stopping");
        }
        finally
        {
            Interlocked.Decrement(ref _pendingCount);
        }
    }

    /// <summary>Waits until this replica's state answers linearizably, and runs something on the loop at that moment.</summary>
    /// <returns>The index that the answer is of.</returns>
    /// <exception cref="ConsensusException">No leader confirmed it in time.</exception>
    public Task<LogIndex> ReadAsync(GroupId group, TimeSpan timeout, Action? onLoop)
    {
        var read = new LinearRead(Now + (long)timeout.TotalMilliseconds) { OnLoop = onLoop };
        if (!Post(new RaftEvent(RaftEventKind.Read, group) { Subject = read }))
        {
            read.Fail(new ConsensusException("the node is stopping"));
        }

        return read.Done;
    }

    /// <summary>Runs something on the loop, which owns what it touches.</summary>
    /// <exception cref="ConsensusException">The loop has ended.</exception>
    public async Task<T> CallAsync<T>(GroupId group, Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = Post(new RaftEvent(RaftEventKind.Call, group)
        {
            Subject = (Action)(() =>
            {
                try
                {
                    done.SetResult(call());
                }
                catch (Exception failure) when (failure is IOException or LogException)
                {
                    done.SetException(failure);
                }
            }),
        });
        if (isTaken)
        {
            // What the loop has not come to when it ends, it never will.
            await Task.WhenAny(done.Task, Ended).ConfigureAwait(false);
        }

        return done.Task.IsCompleted ? await done.Task.ConfigureAwait(false) : throw new ConsensusException("the node is stopping");
    }

    /// <summary>Passes the leadership of every group that this node leads to another voter, as far as that works in time.</summary>
    public async Task HandOverAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        foreach (var group in _groups.All)
        {
            var changed = group.Changed;
            if (!group.Status.IsLeader || group.Status.Voters.Length < 2 || !Post(new RaftEvent(RaftEventKind.Call, group.Id) { Subject = (Action)group.HandOver }))
            {
                continue;
            }

            while (group.Status.IsLeader && !limit.IsCancellationRequested)
            {
                await changed.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                changed = group.Changed;
            }
        }
    }

    /// <summary>Ends the loop: proposals under way end as unknown.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _ = Post(new RaftEvent(RaftEventKind.Call, default));
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _inbox.Dispose();
    }

    private void Run()
    {
        try
        {
            var nextTick = _clock.Elapsed + _tick;
            while (!_isStopping)
            {
                Step(_inbox.Take(nextTick - _clock.Elapsed), ref nextTick);
            }

            End("the node is stopping");
            _ended.SetResult();
        }
        catch (Exception failure)
        {
            // Whatever broke here may have broken the state: the node stops rather than go on wrongly.
            _isStopping = true;
            HostLog.LoopFailed(_logger, "raft", failure);
            End("the node has failed");
            _ended.SetException(failure);
        }
    }

    private void Step(List<RaftEvent> arrived, ref TimeSpan nextTick)
    {
        // After a pause of the whole process one tick is enough: time that nobody lived through elects nobody.
        var isTick = _clock.Elapsed >= nextTick;
        if (isTick)
        {
            nextTick = _clock.Elapsed + _tick;
        }

        _groups.Turn(_log, arrived, isTick, Now);
    }

    private void End(string reason)
    {
        _groups.Stop(reason);
        foreach (ref readonly var happened in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_inbox.Close()))
        {
            (happened.Subject as Proposal)?.Complete(Outcome.Dropped(reason));
            (happened.Subject as LinearRead)?.Fail(new ConsensusException(reason));
        }
    }
}

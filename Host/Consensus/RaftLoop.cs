using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Host.Loops;
using Wetware.Protocol;
using Wetware.Raft.Log;

namespace Wetware.Host.Consensus;

/// <summary>
/// Drives every Raft group of this node: it takes what arrived, ticks, and lets each group carry out what its core asks for. It never waits for disk or
/// network. Everything else posts to it.
/// </summary>
internal sealed class RaftLoop : ILoopBody<RaftEvent>, IDisposable
{
    // Between two looks at the mailbox, so that those who post are not disturbed by who looks.
    private const int Spins = 20;

    private readonly EventLoop<RaftEvent> _loop;
    private readonly RaftGroups _groups = new();
    private readonly Completions _completions = new();
    private readonly ServerId _process;
    private readonly ILogger _logger;
    private ILogWriter _log = null!;
    private PeerQueues _queues = null!;

    public RaftLoop(ServerId process, TimeSpan tick, ILogger logger)
    {
        _process = process;
        _logger = logger;
        _loop = new EventLoop<RaftEvent>("raft", this, tick, callerTurnsMax: Turns.Max);
    }

    /// <summary>Completes when the loop has ended; faulted if it ended by itself.</summary>
    public Task Ended => _loop.Ended;

    /// <summary>Milliseconds since the loop was made; deadlines are on this clock.</summary>
    public long Now => _loop.Now;

    /// <summary>What every group is up to. Any thread.</summary>
    public IEnumerable<GroupStatus> Status => _groups.All.Select(group => group.Status);

    /// <summary>Adds a group. Only before <see cref="Start"/>.</summary>
    public void Add(RaftGroup group)
    {
        Invariant.Check(!_loop.IsStarted);
        _groups.Add(group);
    }

    /// <summary>Starts the loop.</summary>
    /// <param name="log">Where the groups' jobs go.</param>
    /// <param name="queues">Where their messages go.</param>
    public void Start(ILogWriter log, PeerQueues queues)
    {
        (_log, _queues) = (log, queues);
        _loop.Start();
    }

    public RaftGroup? Find(GroupId group) => _groups.Find(group);

    /// <summary>Hands something to the loop, and runs it if it is idle.</summary>
    /// <param name="happened">What.</param>
    /// <param name="turnsMax">How many turns this thread may spend on it.</param>
    /// <returns>False if it has ended.</returns>
    public bool Post(in RaftEvent happened, int turnsMax = Turns.Max) => _loop.Post(happened, turnsMax);

    /// <summary>Hands several things to the loop, which takes them in one turn.</summary>
    /// <returns>False if it has ended.</returns>
    public bool Post(ReadOnlySpan<RaftEvent> happened) => _loop.Post(happened);

    /// <summary>Replicates a command through this node, which must lead the group.</summary>
    /// <param name="group">Which group.</param>
    /// <param name="command">Copied.</param>
    /// <param name="timeout">After which the outcome is unknown.</param>
    public ValueTask<Outcome> ProposeAsync(GroupId group, ReadOnlyMemory<byte> command, TimeSpan timeout)
    {
        if (command.Length > Limits.CommandBytesMax)
        {
            return ValueTask.FromResult(Outcome.Dropped($"a command may have {Limits.CommandBytesMax} bytes, not {command.Length}"));
        }

        if (_loop.IsStopping || !_completions.TryBegin(out var number))
        {
            return ValueTask.FromResult(Outcome.Dropped(_loop.IsStopping ? "the node is stopping" : "the node has too many proposals under way"));
        }

        var header = new EntryHeader(_process.Value, number);
        var payload = PayloadChunk.Take(EntryHeader.Bytes + command.Length);
        header.Write(payload.Span);
        command.Span.CopyTo(payload.Span[EntryHeader.Bytes..]);
        var proposal = Proposal.Rent(_completions, payload, header, Now + (long)timeout.TotalMilliseconds);
        var outcome = proposal.WaitAsync();
        if (!Post(new RaftEvent(RaftEventKind.Proposal, group) { Subject = proposal }))
        {
            proposal.Complete(Outcome.Dropped("the node is stopping"));
            proposal.Release();
        }

        return outcome;
    }

    /// <summary>Waits until this replica's state answers linearizably, and runs something on the loop at that moment.</summary>
    /// <returns>The index that the answer is of.</returns>
    /// <exception cref="WetwareException">No leader confirmed it in time.</exception>
    public Task<LogIndex> ReadAsync(GroupId group, TimeSpan timeout, Action? onLoop)
    {
        var read = new LinearRead(Now + (long)timeout.TotalMilliseconds) { OnLoop = onLoop };
        if (!Post(new RaftEvent(RaftEventKind.Read, group) { Subject = read }))
        {
            read.Fail(new WetwareException(FailureReason.Unavailable, "the node is stopping"));
        }

        return read.Done;
    }

    /// <summary>Runs something on the loop, which owns what it touches.</summary>
    /// <exception cref="WetwareException">The loop has ended.</exception>
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

        return done.Task.IsCompleted ? await done.Task.ConfigureAwait(false) : throw new WetwareException(FailureReason.Unavailable, "the node is stopping");
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
    public void Dispose() => _loop.Dispose();

    /// <summary>
    /// Waits a moment. Waiters that were just told of their outcomes are about to propose again. A turn for the first few of them costs as much as one for a
    /// hundred, so the loop's own thread, which has nothing else to do, gives them the moment that they need.
    /// </summary>
    void ILoopBody<RaftEvent>.BeforeTurn(bool isOwnThread)
    {
        if (!isOwnThread)
        {
            return;
        }

        var start = Stopwatch.GetTimestamp();
        while (_loop.Waiting < Limits.TurnEventsEnough
            && _completions.Queued is >= Limits.TurnBatchesAwaited and var queued
            && Stopwatch.GetElapsedTime(start).TotalMicroseconds < Math.Min(Limits.TurnGatherMicrosecondsMax, queued * Limits.TurnGatherMicrosecondsPerBatch))
        {
            Thread.SpinWait(Spins);
        }
    }

    void ILoopBody<RaftEvent>.Turn(List<RaftEvent> arrived, bool isTick)
    {
        _groups.Turn(_log, _queues, arrived, isTick, Now);
        _completions.Flush();
    }

    void ILoopBody<RaftEvent>.End(List<RaftEvent> rest, Exception? failure)
    {
        if (failure is not null)
        {
            Loops.Log.LoopFailed(_logger, "raft", failure);
        }

        var reason = failure is null ? "the node is stopping" : "the node has failed";
        _groups.Stop(reason);
        foreach (ref readonly var happened in CollectionsMarshal.AsSpan(rest))
        {
            (happened.Subject as Proposal)?.Complete(Outcome.Dropped(reason));
            (happened.Subject as LinearRead)?.Fail(new WetwareException(FailureReason.Unavailable, reason));
        }

        _completions.Flush();
    }
}

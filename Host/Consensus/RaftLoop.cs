using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Protocol;
using Wetware.Raft.Log;

namespace Wetware.Host.Consensus;

/// <summary>
/// Drives every Raft group of this node, on one thread at a time (see <see cref="Turns"/>): it takes what arrived, ticks, and lets each group carry out
/// what its core asks for. It never waits for disk or network. Everything else posts to it.
/// </summary>
internal sealed class RaftLoop : IDisposable
{
    // Between two looks at the inbox, so that those who post are not disturbed by who looks.
    private const int Spins = 20;

    private readonly Inbox<RaftEvent> _inbox = new();
    private readonly RaftGroups _groups = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TimeSpan _tick;
    private readonly ServerId _process;
    private readonly ILogger _logger;
    private ILogWriter _log = null!;
    private PeerQueues _queues = null!;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // A semaphore would spin before it sleeps, at every tick, and that is most of what an idle node costs.
    private readonly AutoResetEvent _handOver = new(false);
    private readonly Completions _completions = new();
    private readonly Thread _thread;
    private long _nextTick;
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
    /// <param name="queues">Where their messages go.</param>
    public void Start(ILogWriter log, PeerQueues queues)
    {
        (_log, _queues) = (log, queues);
        _nextTick = Now + (long)_tick.TotalMilliseconds;
        _thread.Start();
    }

    public RaftGroup? Find(GroupId group) => _groups.Find(group);

    /// <summary>What every group is up to; any thread may ask.</summary>
    public IEnumerable<GroupStatus> Status => _groups.All.Select(group => group.Status);

    /// <summary>Hands something to the loop, and runs it if it is idle.</summary>
    /// <param name="happened">What.</param>
    /// <param name="turnsMax">How many turns this thread may spend on it.</param>
    /// <returns>False if it has ended.</returns>
    public bool Post(in RaftEvent happened, int turnsMax = Turns.Max)
    {
        var isTaken = _inbox.TryPost(happened, out var isIdle);
        if (isIdle)
        {
            Turns.Run(this, turnsMax);
        }

        return isTaken;
    }

    /// <summary>Hands several things to the loop, which takes them in one turn.</summary>
    /// <returns>False if it has ended.</returns>
    public bool Post(ReadOnlySpan<RaftEvent> happened)
    {
        var isTaken = _inbox.TryPost(happened, out var isIdle);
        if (isIdle)
        {
            Turns.Run(this, Turns.Max);
        }

        return isTaken;
    }

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

        if (_isStopping || !_completions.TryBegin(out var number))
        {
            return ValueTask.FromResult(Outcome.Dropped(_isStopping ? "the node is stopping" : "the node has too many proposals under way"));
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

    /// <summary>One turn, for the thread that has the loop.</summary>
    /// <returns>Whether there is more to do; otherwise the thread has given it up.</returns>
    internal bool TakeTurn()
    {
        try
        {
            if (_isStopping)
            {
                End("the node is stopping");
                _ended.TrySetResult();
                return false;
            }

            Gather();
            Step(_inbox.Take());
            _completions.Flush();
            return !_inbox.TryEnd();
        }
#pragma warning disable CA1031 // Whatever broke here may have broken the state: the node stops rather than go on wrongly.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _isStopping = true;
            Loops.Log.LoopFailed(_logger, "raft", failure);
            End("the node has failed");
            _ended.TrySetException(failure);
            return false;
        }
    }

    /// <summary>Leaves the turns to the loop's own thread.</summary>
    internal void HandOver() => _handOver.Set();

    /// <summary>Ends the loop: proposals under way end as unknown.</summary>
    public void Dispose()
    {
        _isStopping = true;
        if (_thread.IsAlive)
        {
            if (_inbox.TryBegin())
            {
                HandOver();
            }

            _thread.Join();
        }

        _handOver.Dispose();
    }

    private void Run()
    {
        while (!_ended.Task.IsCompleted)
        {
            var wait = Math.Max(1, Volatile.Read(ref _nextTick) - Now);
            if (_handOver.WaitOne((int)wait) || _inbox.TryBegin())
            {
                Turns.Run(this, int.MaxValue);
            }
        }
    }

    // Waiters that were just told of their outcomes are about to propose again. A turn for the first few of them costs as much as one for a hundred, so this
    // thread, which has nothing else to do, gives them the moment that they need.
    private void Gather()
    {
        if (Thread.CurrentThread != _thread)
        {
            return;
        }

        var start = Stopwatch.GetTimestamp();
        while (_inbox.Count < Limits.TurnEventsEnough
            && _completions.Queued is >= Limits.TurnBatchesAwaited and var queued
            && Stopwatch.GetElapsedTime(start).TotalMicroseconds < Math.Min(Limits.TurnGatherMicrosecondsMax, queued * Limits.TurnGatherMicrosecondsPerBatch))
        {
            Thread.SpinWait(Spins);
        }
    }

    private void Step(List<RaftEvent> arrived)
    {
        // After a pause of the whole process one tick is enough: time that nobody lived through elects nobody.
        var isTick = Now >= _nextTick;
        if (isTick)
        {
            Volatile.Write(ref _nextTick, Now + (long)_tick.TotalMilliseconds);
        }

        _groups.Turn(_log, _queues, arrived, isTick, Now);
    }

    private void End(string reason)
    {
        _groups.Stop(reason);
        foreach (ref readonly var happened in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_inbox.Close()))
        {
            (happened.Subject as Proposal)?.Complete(Outcome.Dropped(reason));
            (happened.Subject as LinearRead)?.Fail(new WetwareException(FailureReason.Unavailable, reason));
        }

        _completions.Flush();
    }
}

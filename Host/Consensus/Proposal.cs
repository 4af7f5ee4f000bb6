using System.Threading.Tasks.Sources;
using Wetware.Core;
using Wetware.Protocol;

namespace Wetware.Host.Consensus;

/// <summary>
/// A proposal that awaits its outcome. Completed exactly once, by the loop that took it, and awaited at most once, by whoever made it; reused when
/// both have let go of it.
/// </summary>
internal sealed class Proposal : IValueTaskSource<Outcome>
{
    private const int KeptMax = 8192;

    [ThreadStatic]
    private static Stack<Proposal>? t_idle;

    private readonly Completions? _completions;
    private ManualResetValueTaskSourceCore<Outcome> _core;
    private Outcome _outcome;
    private int _holders;
    private volatile bool _isAwaited;

    /// <param name="payload">Header and command, kept by the log.</param>
    /// <param name="header">What the payload starts with.</param>
    /// <param name="deadline">When to give up, in milliseconds of the loop's clock.</param>
    public Proposal(ReadOnlyMemory<byte> payload, EntryHeader header, long deadline)
        : this(null) => Fill(payload, header, deadline);

    private Proposal(Completions? completions) => _completions = completions;

    public ReadOnlyMemory<byte> Payload { get; private set; }

    public EntryHeader Header { get; private set; }

    public long Deadline { get; private set; }

    /// <summary>Where it stands in the log if it was appended; zero before.</summary>
    public LogIndex Index { get; set; }

    public bool IsDone { get; private set; }

    /// <summary>How it ended, once <see cref="IsDone"/>. On the loop.</summary>
    public Outcome Outcome => _outcome;

    /// <summary>Takes one that is idle, or makes one.</summary>
    public static Proposal Rent(Completions completions, ReadOnlyMemory<byte> payload, EntryHeader header, long deadline)
    {
        if (t_idle is not { } idle || !idle.TryPop(out var proposal) || proposal._completions != completions)
        {
            proposal = new Proposal(completions);
        }

        proposal.Fill(payload, header, deadline);
        return proposal;
    }

    /// <summary>The wait for the outcome. Once.</summary>
    public ValueTask<Outcome> WaitAsync() => new(this, _core.Version);

    /// <summary>The loop says how it ended; later words change nothing.</summary>
    public void Complete(in Outcome outcome)
    {
        if (IsDone)
        {
            return;
        }

        (_outcome, IsDone) = (outcome, true);
        _completions?.Ended();
        if (_isAwaited && _completions is not null)
        {
            // Whoever waits goes on elsewhere: the loop runs nobody else's code.
            _completions.Add(this);
            return;
        }

        _core.RunContinuationsAsynchronously = true;
        _core.SetResult(outcome);
    }

    /// <summary>Lets whoever waits go on, on this thread.</summary>
    public void Resume()
    {
        _core.RunContinuationsAsynchronously = false;
        _core.SetResult(_outcome);
    }

    /// <summary>Loop and waiter let go of it, once each.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0 || _completions is null)
        {
            return;
        }

        _core.Reset();
        (Payload, _outcome, IsDone, _isAwaited) = (default, default, false, false);
        var idle = t_idle ??= new();
        if (idle.Count < KeptMax)
        {
            idle.Push(this);
        }
    }

    Outcome IValueTaskSource<Outcome>.GetResult(short token)
    {
        var outcome = _core.GetResult(token);
        Release();
        return outcome;
    }

    ValueTaskSourceStatus IValueTaskSource<Outcome>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<Outcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _isAwaited = true;
        _core.OnCompleted(continuation, state, token, flags);
    }

    private void Fill(ReadOnlyMemory<byte> payload, EntryHeader header, long deadline)
    {
        (Payload, Header, Deadline, Index) = (payload, header, deadline, LogIndex.Zero);
        _holders = 2;
    }
}

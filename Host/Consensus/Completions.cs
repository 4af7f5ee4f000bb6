using System.Collections.Concurrent;

namespace Wetware.Host.Consensus;

/// <summary>
/// The proposals of one turn whose waiters are to go on: handed to the pool in batches, because a thousand single ones cost more than what they wait for.
/// Filled by the loop.
/// </summary>
internal sealed class Completions
{
    /// <summary>Small enough that one waiter which takes its time holds up few others.</summary>
    private const int BatchMax = 32;

    private static readonly ConcurrentQueue<Batch> s_idle = new();

    private Batch? _open;
    private long _pending;

    /// <summary>Counts one more proposal; false if there are too many already.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _pending) <= Limits.ProposalsPendingMax)
        {
            return true;
        }

        Ended();
        return false;
    }

    /// <summary>A proposal has its outcome.</summary>
    public void Ended() => Interlocked.Decrement(ref _pending);

    public void Add(Proposal proposal)
    {
        _open ??= s_idle.TryDequeue(out var idle) ? idle : new Batch();
        if (_open.Add(proposal))
        {
            Flush();
        }
    }

    /// <summary>The turn is over.</summary>
    public void Flush()
    {
        if (_open is { } full)
        {
            _open = null;
            ThreadPool.UnsafeQueueUserWorkItem(full, preferLocal: false);
        }
    }

    private sealed class Batch : IThreadPoolWorkItem
    {
        private readonly Proposal[] _proposals = new Proposal[BatchMax];
        private int _count;

        public bool Add(Proposal proposal)
        {
            _proposals[_count++] = proposal;
            return _count == BatchMax;
        }

        public void Execute()
        {
            Turns.Resume(_proposals.AsSpan(0, _count));
            Array.Clear(_proposals);
            _count = 0;
            s_idle.Enqueue(this);
        }
    }
}

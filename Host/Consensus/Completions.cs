using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Wetware.Host.Loops;

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
    private long _endedInTurn;
    private int _queued;
    private Padded _begun;
    private Padded _ended;

    /// <summary>How many batches have not come to their turn on the pool: of waiters that may propose again any moment.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Counts one more proposal; false if there are too many already. Any thread.</summary>
    /// <param name="number">No other proposal of this loop has it.</param>
    public bool TryBegin(out ulong number)
    {
        var begun = Interlocked.Increment(ref _begun.Value);
        number = (ulong)begun;
        if (begun - Volatile.Read(ref _ended.Value) <= Limits.ProposalsPendingMax)
        {
            return true;
        }

        Interlocked.Increment(ref _ended.Value);
        return false;
    }

    /// <summary>A proposal has its outcome. It counts until the turn is over: what proposers look at is not written for each.</summary>
    public void Ended() => _endedInTurn++;

    public void Add(Proposal proposal)
    {
        _open ??= s_idle.TryDequeue(out var idle) ? idle : new Batch();
        if (_open.Add(proposal))
        {
            Resume();
        }
    }

    /// <summary>The turn is over.</summary>
    public void Flush()
    {
        if (_endedInTurn > 0)
        {
            Interlocked.Add(ref _ended.Value, _endedInTurn);
            _endedInTurn = 0;
        }

        Resume();
    }

    private void Resume()
    {
        if (_open is { } full)
        {
            _open = null;
            full.Of = this;
            Interlocked.Increment(ref _queued);
            ThreadPool.UnsafeQueueUserWorkItem(full, preferLocal: false);
        }
    }

    /// <summary>A counter that shares its cache line with nothing: threads that propose at once all use it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 2 * CacheLine)]
    private struct Padded
    {
        private const int CacheLine = 64;

        [FieldOffset(CacheLine)]
        public long Value;
    }

    private sealed class Batch : IThreadPoolWorkItem
    {
        private readonly Proposal[] _proposals = new Proposal[BatchMax];
        private int _count;

        /// <summary>Whose it is while it waits on the pool.</summary>
        public Completions? Of { get; set; }

        public bool Add(Proposal proposal)
        {
            _proposals[_count++] = proposal;
            return _count == BatchMax;
        }

        public void Execute()
        {
            Interlocked.Decrement(ref Of!._queued);
            Of = null;
            Turns.Leave();
            foreach (var proposal in _proposals.AsSpan(0, _count))
            {
                proposal.Resume();
            }

            Turns.Return();
            Array.Clear(_proposals);
            _count = 0;
            s_idle.Enqueue(this);
        }
    }
}

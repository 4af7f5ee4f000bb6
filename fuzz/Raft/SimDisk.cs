using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// A node's disk: writes of all its groups queue up, one sync at a time makes all of a batch durable, and a crash keeps
/// some first part of what was being written.
/// </summary>
internal sealed class SimDisk
{
    private readonly Queue<(SimReplica Replica, Ready Ready)> _queue = new();
    private readonly List<(SimReplica Replica, Ready Ready)> _writing = [];

    /// <summary>Whether a sync is under way.</summary>
    public bool IsBusy => _writing.Count > 0;

    /// <summary>Until when no sync ends.</summary>
    public long StalledUntil { get; set; }

    public void Enqueue(SimReplica replica, Ready ready) => _queue.Enqueue((replica, ready));

    /// <summary>Starts to write all that is queued. False if there is nothing.</summary>
    public bool Start()
    {
        Invariant.Check(!IsBusy);
        while (_queue.TryDequeue(out var write))
        {
            _writing.Add(write);
        }

        return IsBusy;
    }

    /// <summary>The sync has succeeded: gives what was written, in order.</summary>
    public List<(SimReplica Replica, Ready Ready)> Finish()
    {
        List<(SimReplica, Ready)> done = [.. _writing];
        foreach (var (replica, ready) in _writing)
        {
            replica.Persist(ready);
        }

        _writing.Clear();
        return done;
    }

    /// <summary>The power fails: some first part of the batch made it, nothing of what was queued did.</summary>
    public void Crash(ref Prng random)
    {
        var kept = (int)random.Below((ulong)_writing.Count + 1);
        foreach (var (replica, ready) in _writing.Take(kept))
        {
            replica.Persist(ready);
        }

        _writing.Clear();
        _queue.Clear();
        StalledUntil = 0;
    }
}

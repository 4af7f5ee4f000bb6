using Wetware.Core;

namespace Wetware.Fuzz.Raft;

/// <summary>Virtual time, the events that are due, and the one source of chance. Events of one moment happen in the order of planning.</summary>
internal sealed class Agenda(ulong seed)
{
    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private long _order;

    /// <summary>All randomness of a run.</summary>
    public Prng Random = new(seed);

    /// <summary>Virtual time, in microseconds.</summary>
    public long Now { get; private set; }

    /// <summary>Events lived through.</summary>
    public long Events { get; private set; }

    /// <summary>Mixes everything that happened, in order.</summary>
    public ulong Hash { get; private set; }

    public void At(long time, Action action) => _events.Enqueue(action, (Math.Max(time, Now), _order++));

    /// <summary>At a moment within twice the mean from now.</summary>
    public void After(long mean, Action action) => At(Now + 1 + (long)Random.Below((ulong)(2 * mean)), action);

    public void Mix(ulong value) => Hash = (Hash ^ value) * 1099511628211UL;

    /// <summary>Lives through so many events, or until none is left.</summary>
    public void Run(long steps)
    {
        for (; steps > 0 && _events.TryDequeue(out var action, out var at); steps--)
        {
            Events++;
            Now = at.Time;
            Mix((ulong)at.Time);
            action();
        }
    }
}

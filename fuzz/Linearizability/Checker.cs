using System.Diagnostics;

namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// Tells whether a history is linearizable, knowing nothing of the system. Parts of the object that are independent are
/// checked apart, the smallest first. Reusable; one thread at a time.
/// </summary>
internal sealed class Checker<TState, TCall>(IModel<TState, TCall> model)
    where TState : notnull
    where TCall : notnull
{
    private readonly ModelTransitions<TState, TCall> _transitions = new(model);
    private readonly Schedule _schedule = new();
    private readonly Search _search = new();
    private long[] _invoked = [];
    private long[] _returned = [];
    private int[] _calls = [];
    private bool[] _reads = [];

    /// <param name="history">The operations, in any order.</param>
    /// <param name="limit">How long to search at most; the verdict is Unknown after it.</param>
    /// <exception cref="ArgumentException">An operation returns before it is invoked.</exception>
    public CheckResult Check(ReadOnlySpan<Operation<TCall>> history, TimeSpan limit)
    {
        var deadline = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        var parts = Split(history);
        var nodes = 0L;
        CheckResult? unknown = null;
        foreach (var (name, part) in parts)
        {
            _transitions.Reset();
            foreach (var at in part)
            {
                _calls[at] = _transitions.CallId(history[at].Call);
            }

            _schedule.Load(_invoked, _returned, _calls, _reads, part);
            var verdict = _search.Run(_schedule, _transitions, deadline);
            nodes += _search.Nodes;
            if (verdict == Verdict.Linearizable)
            {
                continue;
            }

            var result = Describe(verdict, name, nodes);
            if (verdict == Verdict.NotLinearizable)
            {
                return result;
            }

            unknown ??= result;
        }

        return unknown is null ? new CheckResult(Verdict.Linearizable, "", nodes, [], -1) : unknown with { Nodes = nodes };
    }

    private CheckResult Describe(Verdict verdict, string part, long nodes)
    {
        var satisfied = _search.BestReturns;
        var stuck = satisfied < _schedule.Returned.Length ? _schedule.Returned[satisfied].Position : -1;
        return new CheckResult(verdict, part, nodes, _search.Best.ToArray(), stuck);
    }

    private List<KeyValuePair<string, List<int>>> Split(ReadOnlySpan<Operation<TCall>> history)
    {
        if (_calls.Length < history.Length)
        {
            (_invoked, _returned) = (new long[history.Length], new long[history.Length]);
            (_calls, _reads) = (new int[history.Length], new bool[history.Length]);
        }

        var parts = new Dictionary<string, List<int>>();
        for (var i = 0; i < history.Length; i++)
        {
            ref readonly var operation = ref history[i];
            if (operation.Returned < operation.Invoked)
            {
                throw new ArgumentException($"operation {i} returns before it is invoked", nameof(history));
            }

            (_invoked[i], _returned[i], _reads[i]) = (operation.Invoked, operation.Returned, model.IsRead(operation.Call));
            var name = model.PartOf(operation.Call);
            if (!parts.TryGetValue(name, out var part))
            {
                parts.Add(name, part = []);
            }

            part.Add(i);
        }

        var sorted = parts.ToList();
        sorted.Sort((left, right) => left.Value.Count != right.Value.Count ? left.Value.Count - right.Value.Count : string.CompareOrdinal(left.Key, right.Key));
        return sorted;
    }
}

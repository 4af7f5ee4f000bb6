namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// Tells in O(n log n) whether a history of a FIFO queue with distinct values is linearizable. For complete histories it
/// is the criterion of Henzinger, Sezgin and Vafeiadis (Aspect-Oriented Linearizability Proofs, CONCUR 2013): no value comes from
/// nowhere, none comes twice, no two come out against the order they certainly went in, and no dequeue finds empty a queue
/// that certainly held something at every moment of it. Open enqueues of values never seen are left out; open dequeues
/// take, earliest first, the values never seen, earliest return first: swapping any two of a matching never helps.
/// </summary>
internal sealed class QueueMonitor
{
    private readonly Dictionary<long, int> _ids = [];
    private readonly List<Span> _spans = [];
    private readonly List<(long Invoked, long Returned)> _empties = [];
    private readonly List<long> _openDequeues = [];

    /// <exception cref="ArgumentException">A value is enqueued twice.</exception>
    public Verdict Check(ReadOnlySpan<Operation<QueueCall>> history)
    {
        _ids.Clear();
        _spans.Clear();
        _empties.Clear();
        _openDequeues.Clear();
        var spans = Collect(history) ? Tighten() : null;
        return spans is not null && InOrder(spans) && EmptiesFit(spans) ? Verdict.Linearizable : Verdict.NotLinearizable;
    }

    private bool Collect(ReadOnlySpan<Operation<QueueCall>> history)
    {
        foreach (ref readonly var operation in history)
        {
            if (operation.Call.Verb == QueueVerb.Enqueue)
            {
                if (!_ids.TryAdd(operation.Call.Value, _spans.Count))
                {
                    throw new ArgumentException($"value {operation.Call.Value} is enqueued twice", nameof(history));
                }

                _spans.Add(new Span(operation.Invoked, operation.Returned, Operation.Open, Operation.Open));
            }
        }

        foreach (ref readonly var operation in history)
        {
            if (operation.Call.Verb == QueueVerb.Dequeue && !Dequeue(operation))
            {
                return false;
            }
        }

        return true;
    }

    private bool Dequeue(in Operation<QueueCall> operation)
    {
        if (operation.IsOpen || !operation.Call.Known)
        {
            // A dequeue that returned without a known answer would need a deadline of its own in the matching.
            _ = operation.IsOpen ? 0 : throw new ArgumentException("a dequeue returned without a known answer", nameof(operation));
            _openDequeues.Add(operation.Invoked);
            return true;
        }

        if (operation.Call.Value == QueueCall.Empty)
        {
            _empties.Add((operation.Invoked, operation.Returned));
            return true;
        }

        if (!_ids.TryGetValue(operation.Call.Value, out var id) || _spans[id].Out != Operation.Open || operation.Returned < _spans[id].In)
        {
            return false;
        }

        _spans[id] = _spans[id] with { Out = operation.Invoked, OutEnd = operation.Returned };
        return true;
    }

    // A value is in before it is out, whatever the returns say; then the open dequeues take what nobody saw.
    private Span[] Tighten()
    {
        var kept = new List<Span>(_spans.Count);
        var unseen = new List<Span>();
        foreach (var span in _spans)
        {
            if (span.Out != Operation.Open)
            {
                kept.Add(span with { InEnd = Math.Min(span.InEnd, span.OutEnd), Out = Math.Max(span.Out, span.In) });
            }
            else if (span.InEnd != Operation.Open)
            {
                unseen.Add(span);
            }
        }

        unseen.Sort((left, right) => left.InEnd.CompareTo(right.InEnd));
        _openDequeues.Sort();
        for (var i = 0; i < unseen.Count; i++)
        {
            var span = unseen[i];
            kept.Add(i < _openDequeues.Count ? span with { Out = Math.Max(span.In, _openDequeues[i]) } : span);
        }

        var spans = kept.ToArray();
        Array.Sort(Array.ConvertAll(spans, span => span.InEnd), spans);
        return spans;
    }

    // Among the values certainly in before y, none may come out certainly after y.
    private static bool InOrder(Span[] byInEnd)
    {
        var byIn = (Span[])byInEnd.Clone();
        Array.Sort(Array.ConvertAll(byIn, span => span.In), byIn);
        var (next, latestOut) = (0, long.MinValue);
        foreach (var span in byIn)
        {
            for (; next < byInEnd.Length && byInEnd[next].InEnd < span.In; next++)
            {
                latestOut = Math.Max(latestOut, byInEnd[next].Out);
            }

            if (span.OutEnd < latestOut)
            {
                return false;
            }
        }

        return true;
    }

    // The stretches during which some value is certainly inside, merged; an empty dequeue must reach out of its stretch.
    private bool EmptiesFit(Span[] byInEnd)
    {
        _empties.Sort();
        var (next, end) = (0, long.MinValue);
        foreach (var (invoked, returned) in _empties)
        {
            for (; next < byInEnd.Length && byInEnd[next].InEnd < Math.Max(invoked, end); next++)
            {
                end = Math.Max(end, byInEnd[next].Out);
            }

            if (end > invoked && end > returned)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>When a value went in and out: invocation and return of each.</summary>
    private readonly record struct Span(long In, long InEnd, long Out, long OutEnd);
}

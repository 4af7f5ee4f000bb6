namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// Every history of a FIFO queue with so many operations, up to renaming of values: every way in which the operations can overlap (the
/// interval orders, by their matrices: Dukes and Parviainen 2010), times everything that they can have done. An operation that nothing follows may be open.
/// </summary>
internal sealed class QueueHistories
{
    private readonly int _count;
    private readonly bool _hasNonsense;
    private readonly Action<Operation<QueueCall>[]> _visit;
    private readonly (int From, int To)[] _spans;
    private readonly Operation<QueueCall>[] _history;
    private readonly Kind[] _kinds;
    private readonly bool[] _isTaken;

    private QueueHistories(int count, bool hasNonsense, Action<Operation<QueueCall>[]> visit)
    {
        (_count, _hasNonsense, _visit) = (count, hasNonsense, visit);
        (_spans, _history, _kinds, _isTaken) = (new (int, int)[count], new Operation<QueueCall>[count], new Kind[count], new bool[count]);
    }

    private enum Kind
    {
        Enqueue,
        Dequeue,
        Empty,
        OpenEnqueue,
        OpenDequeue,
    }

    /// <param name="count">How many operations.</param>
    /// <param name="hasNonsense">Whether values also come out twice, or were never put in.</param>
    /// <param name="visit">Gets each history in turn, in an array that is used again.</param>
    public static void Each(int count, bool hasNonsense, Action<Operation<QueueCall>[]> visit)
    {
        var histories = new QueueHistories(count, hasNonsense, visit);
        for (var points = 1; points <= count; points++)
        {
            histories.Spans(points, 0, 0, 0);
        }
    }

    // Each cell (from, to) of the upper triangle gets a number of operations that begin and end there.
    private void Spans(int points, int from, int to, int placed)
    {
        if (from == points)
        {
            if (placed == _count && IsMinimal(points))
            {
                Kinds(points, 0);
            }

            return;
        }

        var (nextFrom, nextTo) = to + 1 < points ? (from, to + 1) : (from + 1, from + 1);
        Spans(points, nextFrom, nextTo, placed);
        for (var more = placed; more < _count; more++)
        {
            _spans[more] = (from, to);
            Spans(points, nextFrom, nextTo, more + 1);
        }
    }

    // Something begins and something ends at every point; otherwise fewer points would do.
    private bool IsMinimal(int points)
    {
        var (begins, ends) = (0, 0);
        foreach (var (from, to) in _spans)
        {
            begins |= 1 << from;
            ends |= 1 << to;
        }

        return begins == (1 << points) - 1 && ends == begins;
    }

    private void Kinds(int points, int at)
    {
        if (at == _count)
        {
            Values(points, 0);
            return;
        }

        var last = _spans[at].To == points - 1 ? Kind.OpenDequeue : Kind.Empty;
        // Operations over the same span can change places.
        var first = at > 0 && _spans[at] == _spans[at - 1] ? _kinds[at - 1] : Kind.Enqueue;
        for (var kind = first; kind <= last; kind++)
        {
            _kinds[at] = kind;
            Kinds(points, at + 1);
        }
    }

    private void Values(int points, int at)
    {
        if (at == _count)
        {
            _visit(_history);
            return;
        }

        switch (_kinds[at])
        {
            case Kind.Enqueue or Kind.OpenEnqueue:
                Put(points, at, QueueCall.Enqueue(at));
                break;
            case Kind.Empty:
                Put(points, at, QueueCall.DequeueEmpty());
                break;
            case Kind.OpenDequeue:
                Put(points, at, QueueCall.Dequeue());
                break;
            default:
                Dequeues(points, at);
                break;
        }
    }

    private void Dequeues(int points, int at)
    {
        for (var value = 0; value < _count; value++)
        {
            if (_kinds[value] is Kind.Enqueue or Kind.OpenEnqueue && (_hasNonsense || !_isTaken[value]))
            {
                var was = _isTaken[value];
                _isTaken[value] = true;
                Put(points, at, QueueCall.Dequeue(value));
                _isTaken[value] = was;
            }
        }

        if (_hasNonsense)
        {
            Put(points, at, QueueCall.Dequeue(_count));
        }
    }

    private void Put(int points, int at, QueueCall call)
    {
        var isOpen = _kinds[at] is Kind.OpenEnqueue or Kind.OpenDequeue;
        _history[at] = new(at, 2 * _spans[at].From, isOpen ? Operation.Open : (2 * _spans[at].To) + 1, call);
        Values(points, at + 1);
    }
}

using Wetware.Rpc.Flow;

namespace Wetware.Rpc.Tests;

/// <summary>
/// One stream over one link on a virtual clock: a sender that always has more, a line of fixed rate with a queue, a fixed way there and
/// back.
/// </summary>
internal sealed class SimulatedLink(IFlowController flow, double bytesPerSecond, double delaySeconds, Func<long> nextSize)
{
    private readonly PriorityQueue<FlowStamp, (long Time, long Order)> _returning = new();
    private long _lineFreeAt;
    private long _now;
    private long _inFlight;
    private long _order;
    private bool _hadToWait;

    /// <summary>The most bytes that were under way at once in the run.</summary>
    public long MostInFlight { get; private set; }

    /// <summary>Runs for a while of virtual time.</summary>
    /// <returns>The share of the line's rate that was used.</returns>
    public double Run(double seconds)
    {
        var end = _now + (long)(seconds * 1e9);
        var start = _now;
        var delivered = 0L;
        MostInFlight = 0;
        while (_now < end)
        {
            while (_inFlight < flow.WindowBytes)
            {
                Send(nextSize());
            }

            _hadToWait = true;
            var stamp = _returning.Dequeue();
            _now = Math.Max(_now, ArrivalOf(stamp));
            _inFlight -= stamp.Bytes;
            delivered += stamp.Bytes;
            flow.Returned(in stamp, _now);
        }

        return delivered / (bytesPerSecond * (_now - start) / 1e9);
    }

    private readonly Dictionary<FlowStamp, Queue<long>> _arrivals = [];

    private long ArrivalOf(FlowStamp stamp)
    {
        var queue = _arrivals[stamp];
        var arrival = queue.Dequeue();
        if (queue.Count == 0)
        {
            _arrivals.Remove(stamp);
        }

        return arrival;
    }

    private void Send(long bytes)
    {
        var stamp = flow.Sent(bytes, _now, _hadToWait);
        _inFlight += bytes;
        MostInFlight = Math.Max(MostInFlight, _inFlight);
        _lineFreeAt = Math.Max(_lineFreeAt, _now) + (long)Math.Ceiling(bytes / bytesPerSecond * 1e9);
        var arrival = _lineFreeAt + (long)(delaySeconds * 1e9);
        _returning.Enqueue(stamp, (arrival, _order++));
        if (!_arrivals.TryGetValue(stamp, out var queue))
        {
            _arrivals.Add(stamp, queue = new Queue<long>());
        }

        queue.Enqueue(arrival);
    }
}

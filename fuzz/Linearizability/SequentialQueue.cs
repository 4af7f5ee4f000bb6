namespace Wetware.Fuzz.Linearizability;

/// <summary>A FIFO queue, empty at first.</summary>
internal sealed class SequentialQueue : ISequential<QueueCall>
{
    private readonly Queue<long> _values = new();

    public QueueCall Execute(in QueueCall call)
    {
        if (call.Verb == QueueVerb.Enqueue)
        {
            _values.Enqueue(call.Value);
            return call;
        }

        return _values.TryDequeue(out var value) ? QueueCall.Dequeue(value) : QueueCall.DequeueEmpty();
    }

    public bool Agrees(in QueueCall told, in QueueCall real) => !told.Known || told.Value == real.Value;

    // A dequeue that finds the queue empty takes no log entry of its own only if it is served as a read; it never is here.
    public bool IsRead(in QueueCall call) => false;
}

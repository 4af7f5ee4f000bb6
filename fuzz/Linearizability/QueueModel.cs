namespace Wetware.Fuzz.Linearizability;

/// <summary>A FIFO queue, its dequeues answering empty where it is; values need not be distinct.</summary>
internal sealed class QueueModel : IModel<QueueContents, QueueCall>
{
    public QueueContents Initial => QueueContents.None;

    public string PartOf(QueueCall call) => "";

    public bool IsRead(QueueCall call) => call is { Verb: QueueVerb.Dequeue, Known: true, Value: QueueCall.Empty };

    public bool Step(QueueContents state, QueueCall call, out QueueContents next)
    {
        if (call.Verb == QueueVerb.Enqueue)
        {
            next = state.With(call.Value);
            return true;
        }

        next = state;
        if (call.Known && call.Value != state.First)
        {
            return false;
        }

        next = state.Rest();
        return true;
    }
}

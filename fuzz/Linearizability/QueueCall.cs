using System.Globalization;

namespace Wetware.Fuzz.Linearizability;

internal enum QueueVerb : byte
{
    Enqueue,
    Dequeue,
}

/// <summary>A call on a FIFO queue, with its answer.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="Value">The value enqueued or dequeued; <see cref="Empty"/> where the queue was found empty.</param>
/// <param name="Known">Whether the answer is known; else any answer is right.</param>
internal readonly record struct QueueCall(QueueVerb Verb, long Value, bool Known)
{
    /// <summary>The answer of a dequeue that found nothing. No value to enqueue.</summary>
    public const long Empty = long.MinValue;

    public static QueueCall Enqueue(long value) => new(QueueVerb.Enqueue, value, Known: true);

    public static QueueCall Dequeue() => new(QueueVerb.Dequeue, 0, Known: false);

    public static QueueCall Dequeue(long result) => new(QueueVerb.Dequeue, result, Known: true);

    public static QueueCall DequeueEmpty() => new(QueueVerb.Dequeue, Empty, Known: true);

    public override string ToString() =>
        Verb == QueueVerb.Enqueue
            ? $"enqueue {Value.ToString(CultureInfo.InvariantCulture)}"
            : $"dequeue {(!Known ? "?" : Value == Empty ? "empty" : Value.ToString(CultureInfo.InvariantCulture))}";
}

using Wetware.Core;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc.Vat;

/// <summary>Messages on their way out, in order, and how many bytes they are.</summary>
internal sealed class Outbox
{
    private List<FramedMessage> _filling = new(64);
    private int _count;
    private long _bytes;

    /// <summary>Bytes that wait, the batch being written included.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether anything waits besides the batch being written. Needs no gate: who adds looks at it afterwards.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Appends a message.</summary>
    /// <param name="message">One count passes.</param>
    public void Add(FramedMessage message)
    {
        _filling.Add(message);
        Volatile.Write(ref _count, _filling.Count);
        Interlocked.Add(ref _bytes, message.SizeBytes);
    }

    /// <summary>Swaps what waits for an empty list.</summary>
    public List<FramedMessage> Take(List<FramedMessage> empty)
    {
        Invariant.Check(empty.Count == 0);
        var taken = _filling;
        _filling = empty;
        Volatile.Write(ref _count, empty.Count);
        return taken;
    }

    /// <summary>A batch was written. Needs no gate.</summary>
    public void Written(long bytes)
    {
        var left = Interlocked.Add(ref _bytes, -bytes);
        Invariant.Check(left >= 0);
    }
}

using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// What readers and builders stand on: the segments of one message, what may still be read of it, and its capabilities.
/// Not safe for use from several threads at once, save reading by several where the budget may then be undercounted.
/// </summary>
public abstract class MessageArena : IDisposable
{
    private readonly CapabilityTable _capabilities = new();
    private Segment?[] _segments = new Segment?[4];
    private long _budgetWords;

    private protected MessageArena()
    {
    }

    /// <summary>The capabilities that pointers of this message refer to by index. The message owns them.</summary>
    public CapabilityTable Capabilities => _capabilities;

    /// <summary>How many segments there are.</summary>
    public int SegmentCount { get; private protected set; }

    /// <summary>Words that may still be read.</summary>
    public long RemainingWords
    {
        get => _budgetWords;
        private protected set => _budgetWords = value;
    }

    /// <summary>How deeply pointers are followed from the root.</summary>
    internal int Nesting { get; private protected set; }

    /// <summary>The bytes of one segment, valid until the message is changed, reset or disposed.</summary>
    public ReadOnlyMemory<byte> GetSegmentBytes(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SegmentCount);
        return _segments[index]!.Memory;
    }

    /// <summary>Frees the message's memory and capabilities. Readers and builders of it must not be used any more.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the message's memory and capabilities.</summary>
    /// <param name="disposing">True unless run by a finalizer.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Counts words that are about to be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Charge(int words)
    {
        if ((_budgetWords -= words) < 0)
        {
            Exhausted();
        }
    }

    /// <summary>A segment that a far pointer names.</summary>
    internal Segment GetSegment(uint id)
    {
        if (id >= (uint)SegmentCount)
        {
            DecodeException.Throw("a far pointer names a segment that is not there");
        }

        return _segments[id]!;
    }

    /// <summary>The segment object of a number; made the first time, kept for good.</summary>
    private protected Segment SegmentAt(int id)
    {
        if (id >= _segments.Length)
        {
            Array.Resize(ref _segments, Math.Max(id + 1, _segments.Length * 2));
        }

        return _segments[id] ??= new Segment(this, id);
    }

    private void Exhausted()
    {
        // Left just below zero, so that further attempts fail too and the counter cannot wrap.
        _budgetWords = 0;
        DecodeException.Throw(SegmentCount == 0
            ? "the message is closed"
            : "more was read from the message than its traversal limit allows");
    }
}

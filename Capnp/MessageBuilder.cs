using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A message under construction. Its memory is pooled: <see cref="Reset"/> starts the next message in the same memory,
/// <see cref="MessageArena.Dispose()"/> gives it back. A message that outgrew its first segment gets one first segment of its
/// full size at the next reset, so that messages of like size settle in one segment. For one thread at a time.
/// </summary>
public sealed class MessageBuilder : MessageArena
{
    private readonly int _firstSegmentBytes;
    private readonly int _nextSegmentBytesMax;
    private readonly bool _isExact;
    private Segment _last;
    private BuildBudget? _budget;
    private long _budgetBytes;

    /// <summary>Creates an empty message.</summary>
    public MessageBuilder()
        : this(Limits.FirstSegmentBytes / 8, Limits.NextSegmentBytesMax / 8)
    {
    }

    /// <summary>Creates an empty message.</summary>
    /// <param name="firstSegmentWords">Words (8 bytes) of the first segment.</param>
    /// <param name="nextSegmentWordsMax">
    /// Words of a further segment at most, unless a single object needs more. 1 puts each object in a segment of its own,
    /// which tests use.
    /// </param>
    public MessageBuilder(int firstSegmentWords, int nextSegmentWordsMax = Limits.NextSegmentBytesMax / 8)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(firstSegmentWords);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nextSegmentWordsMax);
        _firstSegmentBytes = firstSegmentWords * 8;
        _nextSegmentBytesMax = nextSegmentWordsMax * 8;
        // Tiny segments are made as asked for: the pool would round them up.
        _isExact = nextSegmentWordsMax < firstSegmentWords || firstSegmentWords < Limits.FirstSegmentBytes / 8;
        _last = SegmentAt(0);
        Start(_firstSegmentBytes);
    }

    /// <summary>The root pointer.</summary>
    public PointerBuilder Root
    {
        get
        {
            ObjectDisposedException.ThrowIf(SegmentCount == 0, this);
            var first = SegmentAt(0);
            return new PointerBuilder(first, first.Bytes, first.Start);
        }
    }

    /// <summary>Bytes of all segments so far, without the segment table.</summary>
    public long SizeBytes
    {
        get
        {
            var size = 0L;
            for (var i = 0; i < SegmentCount; i++)
            {
                size += SegmentAt(i).Length;
            }

            return size;
        }
    }

    /// <summary>
    /// From now on segments beyond the first count in a budget, until <see cref="LeaveBudget"/>, <see cref="Reset"/> or disposal.
    /// </summary>
    /// <exception cref="InvalidOperationException">They count in one already.</exception>
    public void EnterBudget(BuildBudget budget)
    {
        if (_budget is not null)
        {
            throw new InvalidOperationException("the message is in a budget already");
        }

        _budget = budget;
    }

    /// <summary>Gives back what the message takes of its budget, if it is in one: who holds it now counts it otherwise.</summary>
    public void LeaveBudget()
    {
        _budget?.Give(_budgetBytes);
        _budget = null;
        _budgetBytes = 0;
    }

    /// <summary>Makes a new root struct; what the root was before is cleared.</summary>
    public T InitRoot<T>()
        where T : IStructBuilder<T> => T.Wrap(Root.InitStruct(T.Size));

    /// <summary>
    /// A new pointer that nothing refers to: build something behind it, then <see cref="PointerBuilder.Disown"/> it to have an orphan. The
    /// pointer's own word stays in the message, unused.
    /// </summary>
    public PointerBuilder NewPointer()
    {
        var segment = _last;
        var position = Allocate(ref segment, 1);
        return new PointerBuilder(segment, segment.Bytes, position);
    }

    /// <summary>The root as it is, for change in place; a struct that is not there yet is made.</summary>
    public T GetRoot<T>()
        where T : IPointerBuilder<T> => T.Get(Root);

    /// <summary>The root as a reader, limited by nothing but nesting.</summary>
    public PointerReader AsReader() => Root.AsReader();

    /// <summary>Bytes of the segment table that goes before the segments on a stream.</summary>
    public int TableBytes => FrameHeader.TableWords(SegmentCount) * 8;

    /// <summary>Bytes of the message on a stream: table and segments.</summary>
    public long FrameBytes => TableBytes + SizeBytes;

    /// <summary>
    /// Writes the segment table, for who sends it and the segments (<see cref="MessageArena.GetSegmentBytes"/>) in one gathered write.
    /// </summary>
    /// <param name="table">At least <see cref="TableBytes"/>.</param>
    public void WriteTable(Span<byte> table)
    {
        table = table[..TableBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(table, (uint)SegmentCount - 1);
        for (var i = 0; i < SegmentCount; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table[(4 + (i * 4))..], (uint)SegmentAt(i).Length / 8);
        }

        table[(4 + (SegmentCount * 4))..].Clear();
    }

    /// <summary>Writes the message as it goes over a stream.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var table = TableBytes;
        WriteTable(output.GetSpan(table));
        output.Advance(table);
        for (var i = 0; i < SegmentCount; i++)
        {
            output.Write(SegmentAt(i).Memory.Span);
        }
    }

    /// <summary>Writes the message as it goes over a stream, packed.</summary>
    public void WritePackedTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Span<byte> small = stackalloc byte[64];
        var length = TableBytes;
        var rented = length > small.Length ? ArrayPool<byte>.Shared.Rent(length) : null;
        var table = rented is null ? small[..length] : rented.AsSpan(0, length);
        WriteTable(table);
        Packer.Pack(table, output);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        for (var i = 0; i < SegmentCount; i++)
        {
            Packer.Pack(SegmentAt(i).Memory.Span, output);
        }
    }

    /// <summary>The message as it goes over a stream, in an array of its own.</summary>
    public byte[] ToArray()
    {
        var frame = GC.AllocateUninitializedArray<byte>(checked((int)FrameBytes));
        WriteTable(frame);
        var offset = TableBytes;
        for (var i = 0; i < SegmentCount; i++)
        {
            var segment = SegmentAt(i).Memory.Span;
            segment.CopyTo(frame.AsSpan(offset));
            offset += segment.Length;
        }

        return frame;
    }

    /// <summary>Empties the message and disposes its capabilities. Its memory is kept for the next one, within limits.</summary>
    public void Reset()
    {
        LeaveBudget();
        Capabilities.Clear();
        var first = SegmentAt(0);
        if (SegmentCount == 1 && first.Bytes.Length <= Math.Max(Limits.RetainedBytesMax, _firstSegmentBytes))
        {
            first.End = 0;
            _ = first.TryAllocate(1);
            Wire.Write(first.Bytes, 0, 0UL);
            return;
        }

        var wanted = _isExact
            ? _firstSegmentBytes
            : (int)Math.Clamp(SizeBytes, _firstSegmentBytes, Math.Max(Limits.RetainedBytesMax, _firstSegmentBytes));
        GiveBack();
        Start(wanted);
    }

    /// <summary>Takes zeroed words, close to other objects if there is room.</summary>
    /// <param name="near">The segment to prefer; becomes the one that was used.</param>
    /// <param name="words">How many.</param>
    /// <returns>Where they start.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Allocate(ref Segment near, int words)
    {
        var position = near.TryAllocate(words);
        if (position < 0)
        {
            position = AllocateElsewhere(out near, words);
        }

        near.Bytes.AsSpan(position, words << 3).Clear();
        return position;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (SegmentCount == 0)
        {
            return;
        }

        LeaveBudget();
        Capabilities.Clear();
        GiveBack();
        SegmentCount = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int AllocateElsewhere(out Segment segment, int words)
    {
        ObjectDisposedException.ThrowIf(SegmentCount == 0, this);
        segment = _last;
        var position = _last.TryAllocate(words);
        return position >= 0 ? position : AllocateSegment(out segment, words);
    }

    private int AllocateSegment(out Segment segment, int words)
    {
        if (words > Limits.SegmentWordsMax)
        {
            throw new InvalidOperationException("an object is larger than a segment can be");
        }

        // As much again as there is: the number of segments stays logarithmic in the size of the message.
        var bytes = (int)Math.Max(words * 8L, Math.Min(SizeBytes, _nextSegmentBytesMax) & ~7L);
        _budget?.Take(bytes);
        _budgetBytes += _budget is null ? 0 : bytes;
        segment = SegmentAt(SegmentCount);
        Attach(segment, bytes);
        SegmentCount++;
        _last = segment;
        return segment.TryAllocate(words);
    }

    private void Start(int bytes)
    {
        var first = SegmentAt(0);
        Attach(first, bytes);
        SegmentCount = 1;
        RemainingWords = long.MaxValue;
        Nesting = Limits.BuilderNestingMax;
        _last = first;
        _ = first.TryAllocate(1);
        Wire.Write(first.Bytes, 0, 0UL);
    }

    private void Attach(Segment segment, int bytes)
    {
        segment.Bytes = ArrayPool<byte>.Shared.Rent(bytes);
        segment.Start = 0;
        segment.End = 0;
        segment.Capacity = _isExact ? bytes : segment.Bytes.Length & ~7;
    }

    private void GiveBack()
    {
        for (var i = 0; i < SegmentCount; i++)
        {
            var segment = SegmentAt(i);
            ArrayPool<byte>.Shared.Return(segment.Bytes);
            segment.Bytes = [];
            segment.Start = 0;
            segment.End = 0;
            segment.Capacity = 0;
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;

namespace Wetware.Capnp;

/// <summary>
/// The segment table before a message on a stream (encoding specification, "Serialization Over a Stream"). Count and total
/// size are checked before anybody allocates for them.
/// </summary>
/// <param name="SegmentCount">How many segments there are; at least 1.</param>
/// <param name="TableBytes">Bytes of the table, padding included.</param>
/// <param name="TotalBytes">Bytes of the whole message, table included.</param>
public readonly record struct FrameHeader(int SegmentCount, int TableBytes, long TotalBytes)
{
    /// <summary>Reads a table, or as much of it as tells that more is needed.</summary>
    /// <param name="bytes">From the first byte of the frame on.</param>
    /// <param name="limits">What is allowed.</param>
    /// <param name="header">The table, if it is all there.</param>
    /// <exception cref="DecodeException">The message has too many segments, or is too large.</exception>
    public static FrameStatus TryParse(ReadOnlySpan<byte> bytes, ReaderLimits limits, out FrameHeader header)
    {
        ArgumentNullException.ThrowIfNull(limits);
        header = default;
        if (bytes.Length < 4)
        {
            return FrameStatus.NeedMore;
        }

        var count = CheckCount(BinaryPrimitives.ReadUInt32LittleEndian(bytes), limits);
        var words = 0L;
        var known = Math.Min(count, (bytes.Length - 4) / 4);
        for (var i = 0; i < known; i++)
        {
            words += BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + (i * 4))..]);
        }

        // Too large is told as soon as it shows, even if the table goes on.
        if (words > Math.Min(limits.TraversalWordsMax, Limits.SegmentWordsMax - TableWords(count)))
        {
            DecodeException.Throw("the message is larger than its traversal limit allows");
        }

        var table = TableWords(count) * 8;
        if (bytes.Length < table)
        {
            return FrameStatus.NeedMore;
        }

        header = new FrameHeader(count, table, table + (words * 8));
        return FrameStatus.Ready;
    }

    /// <summary>Reads a table that may lie across several buffers.</summary>
    internal static bool TryParse(in ReadOnlySequence<byte> bytes, ReaderLimits limits, out FrameHeader header)
    {
        if (TryParse(bytes.FirstSpan, limits, out header) == FrameStatus.Ready)
        {
            return true;
        }

        if (bytes.IsSingleSegment || bytes.Length < 4)
        {
            return false;
        }

        Span<byte> word = stackalloc byte[4];
        bytes.Slice(0, 4).CopyTo(word);
        var table = TableWords(CheckCount(BinaryPrimitives.ReadUInt32LittleEndian(word), limits)) * 8;
        var rented = ArrayPool<byte>.Shared.Rent(table);
        try
        {
            var length = (int)Math.Min(table, bytes.Length);
            bytes.Slice(0, length).CopyTo(rented);
            return TryParse(rented.AsSpan(0, length), limits, out header) == FrameStatus.Ready;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Words of the table for this many segments.</summary>
    internal static int TableWords(int segments) => (segments / 2) + 1;

    private static int CheckCount(uint countLessOne, ReaderLimits limits)
    {
        if (countLessOne >= (uint)limits.SegmentsMax)
        {
            DecodeException.Throw("the message has more segments than allowed");
        }

        return (int)countLessOne + 1;
    }
}

using System.Runtime.CompilerServices;

namespace Wetware.Raft.Log.Format;

/// <summary>Where the parts of a batch lie: records, padded to a sector, then the frame, padded to a sector.</summary>
internal static class BatchLayout
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Align(int bytes, int sectorBytes) => (bytes + sectorBytes - 1) & -sectorBytes;

    /// <summary>Bytes of a whole batch of <paramref name="count"/> records that occupy <paramref name="recordBytes"/>, the end record not included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Total(long recordBytes, int count, int sectorBytes)
    {
        var mask = -(long)sectorBytes;
        var records = (recordBytes + RecordHeader.Bytes + sectorBytes - 1) & mask;
        var frame = ((long)FrameHeader.LengthOf(count) + sectorBytes - 1) & mask;
        return records + frame;
    }

    /// <summary>The largest payload that fits a segment together with the records that open a segment.</summary>
    public static int PayloadBytesMax(int segmentBytes, int sectorBytes) =>
        segmentBytes - sectorBytes - (int)Total(2 * RecordHeader.Bytes, 2, sectorBytes) - sectorBytes;
}

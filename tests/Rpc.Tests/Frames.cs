using System.Buffers.Binary;

namespace Wetware.Rpc.Tests;

/// <summary>Where frames end in a run of bytes.</summary>
internal static class Frames
{
    public static int Count(byte[] bytes) => Ends(bytes).Count;

    public static List<int> Ends(ReadOnlySpan<byte> bytes)
    {
        var ends = new List<int>();
        var end = 0;
        while (FirstLength(bytes[end..]) is > 0 and var length)
        {
            ends.Add(end += length);
        }

        return ends;
    }

    /// <summary>The length of the first frame; 0 if it is not all there.</summary>
    public static int FirstLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
        {
            return 0;
        }

        var segments = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes) + 1;
        var length = (((segments + 1) * 4) + 7) & ~7;
        if (length > bytes.Length)
        {
            return 0;
        }

        for (var i = 0; i < segments; i++)
        {
            length += (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[((i + 1) * 4)..]) * 8;
        }

        return length > bytes.Length ? 0 : length;
    }
}

using System.Buffers.Binary;

namespace Wetware.Rpc.Tests;

/// <summary>Where frames end in a run of bytes.</summary>
internal static class Frames
{
    public static int Count(byte[] bytes) => Ends(bytes).Count;

    public static List<int> Ends(ReadOnlySpan<byte> bytes)
    {
        var ends = new List<int>();
        var start = 0;
        while (bytes.Length - start >= 4)
        {
            var segments = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[start..]) + 1;
            var end = start + ((((segments + 1) * 4) + 7) & ~7);
            if (end > bytes.Length)
            {
                break;
            }

            for (var i = 0; i < segments; i++)
            {
                end += (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[(start + ((i + 1) * 4))..]) * 8;
            }

            if (end > bytes.Length)
            {
                break;
            }

            ends.Add(start = end);
        }

        return ends;
    }
}

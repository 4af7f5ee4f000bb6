using System.Buffers;

namespace Wetware.Capnp.Json;

/// <summary>Writes JSON strings with no more escapes than JSON demands (RFC 8259, section 7).</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\', 127]);

    /// <summary>Writes a string in quotes.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="utf8">Valid UTF-8.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        output.Write("\""u8);
        while (!utf8.IsEmpty)
        {
            var plain = utf8.IndexOfAny(Escaped);
            if (plain < 0)
            {
                output.Write(utf8);
                break;
            }

            output.Write(utf8[..plain]);
            Escape(output, utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }

        output.Write("\""u8);
    }

    private static void Escape(IBufferWriter<byte> output, byte b)
    {
        switch (b)
        {
            case (byte)'"':
                output.Write("\\\""u8);
                break;
            case (byte)'\\':
                output.Write("\\\\"u8);
                break;
            case (byte)'\n':
                output.Write("\\n"u8);
                break;
            default:
                ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
                output.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', digits[b >> 4], digits[b & 15]]);
                break;
        }
    }
}

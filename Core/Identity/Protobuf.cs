using System.Buffers;
using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Core.Identity;

/// <summary>The two protobuf wire types that keys and envelopes are made of: varints and byte strings.</summary>
internal static class Protobuf
{
    private const int VarintType = 0;
    private const int BytesType = 2;

    internal static void WriteVarint(ArrayBufferWriter<byte> output, int field, ulong value)
    {
        WriteNumber(output, ((ulong)field << 3) | VarintType);
        WriteNumber(output, value);
    }

    internal static void WriteBytes(ArrayBufferWriter<byte> output, int field, ReadOnlySpan<byte> value)
    {
        WriteNumber(output, ((ulong)field << 3) | BytesType);
        WriteNumber(output, (ulong)value.Length);
        output.Write(value);
    }

    /// <summary>
    /// Reads one field and moves past it: a number in <paramref name="number"/> or a byte string in <paramref name="bytes"/>.
    /// False if it is truncated or of a wire type that neither keys nor envelopes have.
    /// </summary>
    internal static bool TryReadField(
        scoped ref ReadOnlySpan<byte> source, out int field, out ulong number, out ReadOnlySpan<byte> bytes)
    {
        field = 0;
        number = 0;
        bytes = default;
        if (!Varint.TryRead(ref source, out var tag) || tag >> 3 is 0 or > int.MaxValue)
        {
            return false;
        }

        field = (int)(tag >> 3);
        return (tag & 7) switch
        {
            VarintType => Varint.TryRead(ref source, out number),
            BytesType => Varint.TryReadPrefixed(ref source, out bytes),
            _ => false,
        };
    }

    private static void WriteNumber(ArrayBufferWriter<byte> output, ulong value) =>
        output.Advance(Varint.Write(output.GetSpan(Varint.BytesMax), value));
}

using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Wetware.Capnp;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Membership.Pex;
using Generated = Wetware.Membership.Wire.Generated;

namespace Wetware.Membership.Wire;

/// <summary>Turns a sample of peers into the bytes of its file and back (schemas/pex.capnp). The records in it stay sealed.</summary>
internal static class PexCodec
{
    private const int HeaderBytes = 12;

    private static readonly ReaderLimits s_limits = new() { TraversalWordsMax = Limits.PexFileBytesMax / 8, NestingMax = 4, SegmentsMax = 1 };

    private static ReadOnlySpan<byte> Magic => "ww-pex\r\n"u8;

    /// <summary>The file of a sample.</summary>
    internal static byte[] Write(PexView view)
    {
        using var builder = new MessageBuilder();
        var records = builder.InitRoot<Generated.PexView.Builder>().InitRecords(view.Count);
        for (var i = 0; i < view.Count; i++)
        {
            var record = records[i];
            record.Hop = view[i].Hop;
            record.SetEnvelope(view[i].Record.Envelope.Span);
        }

        var output = new ArrayBufferWriter<byte>(8 * 1024);
        output.Write(Magic);
        output.Write(new byte[sizeof(uint)]);
        builder.WritePackedTo(output);
        var file = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(Magic.Length), Crc32C.Of(file.AsSpan(HeaderBytes)));
        return file;
    }

    /// <summary>Reads a file; false, with a reason in a few words, if it is not what was written.</summary>
    internal static bool TryRead(ReadOnlyMemory<byte> file, out List<(ulong Hop, byte[] Envelope)> records, [NotNullWhen(false)] out string? error)
    {
        records = [];
        error = file.Length > Limits.PexFileBytesMax ? "too long"
            : file.Length < HeaderBytes || !file.Span.StartsWith(Magic) ? "not a file of peers"
            : BinaryPrimitives.ReadUInt32LittleEndian(file.Span[Magic.Length..]) != Crc32C.Of(file.Span[HeaderBytes..]) ? "wrong checksum"
            : null;
        if (error is not null)
        {
            return false;
        }

        using var reader = new MessageReader(s_limits);
        try
        {
            reader.OpenPacked(file[HeaderBytes..]);
            foreach (var record in reader.GetRoot<Generated.PexView.Reader>().Records)
            {
                records.Add((record.Hop, record.Envelope.ToArray()));
            }
        }
        catch (DecodeException failure)
        {
            error = failure.Message;
        }
        finally
        {
            reader.Close();
        }

        return error is null;
    }
}

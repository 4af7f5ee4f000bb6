using System.Buffers;
using Wetware.Capnp;
using Wetware.Membership.Gossip;
using Wetware.Membership.Pex;
using Generated = Wetware.Membership.Wire.Generated;

namespace Wetware.Membership.Wire;

/// <summary>
/// Turns frames into packed Cap'n Proto and back. Records and messages stay sealed: opening them is for the caller, who can tell
/// beforehand which of them are worth it.
/// </summary>
internal sealed class FrameCodec : IDisposable
{
    private static readonly ReaderLimits s_limits =
        new() { TraversalWordsMax = Limits.FrameBytesMax, NestingMax = 8, SegmentsMax = 1 };

    private readonly MessageBuilder _builder = new();
    private readonly MessageReader _reader = new(s_limits);

    /// <summary>Writes a frame, packed.</summary>
    internal void Write(Frame frame, ulong number, IBufferWriter<byte> output)
    {
        _builder.Reset();
        var wire = _builder.InitRoot<Generated.Frame.Builder>();
        wire.From = frame.From;
        wire.Number = number;
        wire.Ping = frame.Ping;
        wire.Ack = frame.Ack;
        wire.Fingerprint = frame.Fingerprint;
        wire.ViewCount = frame.ViewCount;
        wire.Prune = frame.Prune;
        wire.Graft = frame.Graft;
        wire.PullAt = frame.PullAt;
        wire.PageNext = frame.PageNext;
        WriteRecords(wire, frame);
        WriteWords(wire, frame.Words);
        if (frame.Have.Count > 0)
        {
            WriteDigests(wire.InitHave(frame.Have.Count), frame.Have);
        }

        if (frame.Want.Count > 0)
        {
            var want = wire.InitWant(frame.Want.Count);
            for (var i = 0; i < frame.Want.Count; i++)
            {
                want[i] = frame.Want[i];
            }
        }

        WriteSync(wire, frame.Sync);
        WriteMessages(wire, frame);
        WriteSamples(wire, frame);
        _builder.WritePackedTo(output);
    }

    /// <summary>Opens a frame and reads what it says of itself and of probes.</summary>
    /// <exception cref="DecodeException">It is malformed or too large.</exception>
    internal Frame Open(ReadOnlyMemory<byte> packed, out ulong number)
    {
        _reader.OpenPacked(packed);
        var wire = _reader.GetRoot<Generated.Frame.Reader>();
        number = wire.Number;
        return new Frame
        {
            From = wire.From,
            Ping = wire.Ping,
            Ack = wire.Ack,
            Fingerprint = wire.Fingerprint,
            ViewCount = wire.ViewCount,
            Prune = wire.Prune,
            Graft = wire.Graft,
            PullAt = wire.PullAt,
            PageNext = wire.PageNext,
            IsSampleAnswer = wire.SampleAnswer,
        };
    }

    /// <summary>Reads the rest of the frame that is open; what is sealed is valid until the next is opened.</summary>
    /// <exception cref="DecodeException">It is malformed.</exception>
    internal void Read(Frame frame, SealedParts parts)
    {
        var wire = _reader.GetRoot<Generated.Frame.Reader>();
        Collect(wire.Records, parts.Records);
        Collect(wire.Messages, parts.Messages);
        ReadWords(wire.Words, frame.Words);
        ReadDigests(wire.Have, frame.Have);
        var want = wire.Want;
        for (var i = 0; i < Bounded(want.Count); i++)
        {
            frame.Want.Add(want[i]);
        }

        ReadSync(wire.Sync, frame.Sync);
        ReadIds(wire.MessagesHave, frame.MessagesHave);
        ReadIds(wire.MessagesWant, frame.MessagesWant);
        ReadSamples(wire.Samples, frame, parts);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _builder.Dispose();
        _reader.Dispose();
    }

    /// <summary>Lets go of the frame that was read last.</summary>
    internal void Close() => _reader.Close();

    private static void WriteRecords(Generated.Frame.Builder wire, Frame frame)
    {
        if (frame.Records.Count == 0)
        {
            return;
        }

        var records = wire.InitRecords(frame.Records.Count);
        for (var i = 0; i < frame.Records.Count; i++)
        {
            records.SetData(i, frame.Records[i].Envelope.Span);
        }
    }

    private static void WriteWords(Generated.Frame.Builder wire, List<Word> words)
    {
        if (words.Count == 0)
        {
            return;
        }

        var list = wire.InitWords(words.Count);
        for (var i = 0; i < words.Count; i++)
        {
            var word = list[i];
            word.Subject = words[i].Subject;
            word.Seq = words[i].Seq;
            word.Age = words[i].AgeMs;
            word.Kind = (Generated.Word.Kind)words[i].Kind;
        }
    }

    private static void WriteDigests(StructListBuilder<Generated.Digest.Builder> list, IReadOnlyList<Digest> digests)
    {
        for (var i = 0; i < digests.Count; i++)
        {
            var digest = list[i];
            digest.Tail = digests[i].Tail;
            digest.SeqLow = digests[i].SeqLow;
        }
    }

    private static void WriteSync(Generated.Frame.Builder wire, List<SyncRange> ranges)
    {
        if (ranges.Count == 0)
        {
            return;
        }

        var list = wire.InitSync(ranges.Count);
        for (var i = 0; i < ranges.Count; i++)
        {
            var range = list[i];
            range.Depth = (byte)ranges[i].Depth;
            range.Prefix = ranges[i].Prefix;
            if (ranges[i].Prints.Count > 0)
            {
                var prints = range.InitPrints(ranges[i].Prints.Count);
                for (var j = 0; j < prints.Count; j++)
                {
                    prints[j] = ranges[i].Prints[j];
                }
            }

            if (ranges[i].Digests.Count > 0)
            {
                WriteDigests(range.InitDigests(ranges[i].Digests.Count), ranges[i].Digests);
            }
        }
    }

    private static void WriteMessages(Generated.Frame.Builder wire, Frame frame)
    {
        if (frame.Messages.Count > 0)
        {
            var messages = wire.InitMessages(frame.Messages.Count);
            for (var i = 0; i < frame.Messages.Count; i++)
            {
                messages.SetData(i, frame.Messages[i].Envelope.Span);
            }
        }

        if (frame.MessagesHave.Count > 0)
        {
            WriteIds(wire.InitMessagesHave(frame.MessagesHave.Count), frame.MessagesHave);
        }

        if (frame.MessagesWant.Count > 0)
        {
            WriteIds(wire.InitMessagesWant(frame.MessagesWant.Count), frame.MessagesWant);
        }
    }

    private static void WriteSamples(Generated.Frame.Builder wire, Frame frame)
    {
        wire.SampleAnswer = frame.IsSampleAnswer;
        if (frame.Samples.Count == 0)
        {
            return;
        }

        var samples = wire.InitSamples(frame.Samples.Count);
        for (var i = 0; i < frame.Samples.Count; i++)
        {
            var sample = samples[i];
            sample.Tail = frame.Samples[i].Digest.Tail;
            sample.SeqLow = frame.Samples[i].Digest.SeqLow;
            sample.Hop = (uint)frame.Samples[i].Hop;
            if (frame.Samples[i].Record is { } record)
            {
                sample.SetEnvelope(record.Envelope.Span);
            }
        }
    }

    private static void WriteIds(StructListBuilder<Generated.MessageId.Builder> list, List<MessageId> ids)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            var id = list[i];
            id.Origin = ids[i].Origin;
            id.Number = ids[i].Number;
        }
    }

    private static void Collect(PointerListReader<DataReader> sealedData, List<ReadOnlyMemory<byte>> into)
    {
        for (var i = 0; i < Bounded(sealedData.Count); i++)
        {
            into.Add(sealedData[i].Memory);
        }
    }

    private static void ReadWords(StructListReader<Generated.Word.Reader> list, List<Word> words)
    {
        for (var i = 0; i < Bounded(list.Count); i++)
        {
            var word = list[i];
            // A kind that a later version knows is not for this one.
            if (word.Kind <= Generated.Word.Kind.Buried)
            {
                words.Add(new Word((WordKind)word.Kind, word.Subject, word.Seq, word.Age));
            }
        }
    }

    private static void ReadDigests(StructListReader<Generated.Digest.Reader> list, List<Digest> digests)
    {
        for (var i = 0; i < Bounded(list.Count); i++)
        {
            digests.Add(new Digest(list[i].Tail, list[i].SeqLow));
        }
    }

    private static void ReadSync(StructListReader<Generated.SyncRange.Reader> list, List<SyncRange> ranges)
    {
        for (var i = 0; i < Bounded(list.Count); i++)
        {
            var range = list[i];
            var prints = range.Prints;
            if (prints.Count is not (0 or SyncRange.FanOut) || range.Depth >= SyncRange.DepthMax)
            {
                throw new DecodeException("a part of a view has a depth or a number of fingerprints that no part has");
            }

            var values = new uint[prints.Count];
            for (var j = 0; j < values.Length; j++)
            {
                values[j] = prints[j];
            }

            var digests = new List<Digest>();
            ReadDigests(range.Digests, digests);
            ranges.Add(new SyncRange(range.Depth, range.Prefix, values, digests));
        }
    }

    private static void ReadIds(StructListReader<Generated.MessageId.Reader> list, List<MessageId> ids)
    {
        for (var i = 0; i < Bounded(list.Count); i++)
        {
            ids.Add(new MessageId(list[i].Origin, list[i].Number));
        }
    }

    private static void ReadSamples(StructListReader<Generated.Sample.Reader> list, Frame frame, SealedParts parts)
    {
        if (list.Count > Limits.PexSamplesMax)
        {
            throw new DecodeException("more samples in a frame than anybody keeps");
        }

        for (var i = 0; i < list.Count; i++)
        {
            var sample = list[i];
            if (sample.Envelope.Length > Limits.PexRecordBytesMax)
            {
                throw new DecodeException("a sample is longer than any may be");
            }

            frame.Samples.Add(new Sample(new Digest(sample.Tail, sample.SeqLow), sample.Hop, null));
            parts.Samples.Add(sample.Envelope.Memory);
        }
    }

    /// <summary>A list of empty elements costs its sender nothing however long it claims to be; nobody honest sends so many.</summary>
    private static int Bounded(int count) =>
        count <= Limits.FrameItemsMax ? count : throw new DecodeException("a list in a frame is longer than any frame's");
}

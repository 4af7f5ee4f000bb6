using System.Diagnostics.CodeAnalysis;
using Wetware.Capnp;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Membership.Broadcast;
using Wetware.Membership.Pex;
using Wetware.Membership.Wire;

namespace Wetware.Membership.Gossip;

/// <summary>
/// Lets in what is authentic, and writes what is to be proved: frames are sealed per pair of peers, what is in them by whom it is of.
/// Whatever it refuses is counted once, and held against its sender where that is proved. A peer that stands too low is not
/// listened to, but its probes are answered: it is not dead.
/// </summary>
internal sealed class FrameGate : IDisposable
{
    internal const byte Open = 1;
    internal const byte Sealed = 2;

    private readonly GossipNode _node;
    private readonly HeartbeatCodec _heartbeats;
    private readonly MessageCodec _topics;
    private readonly FrameSeal _seal;
    private readonly FrameCodec _frames = new();
    private readonly SealedParts _parts = new();
    private TokenBucket _strangers;

    internal FrameGate(GossipNode node, HeartbeatCodec heartbeats, MessageCodec topics, FrameSeal seal, ulong now)
    {
        _node = node;
        _heartbeats = heartbeats;
        _topics = topics;
        _seal = seal;
        _strangers = new TokenBucket(Limits.StrangersPerSecondMax, Limits.StrangersPerSecondMax, TimeSpan.FromMilliseconds((long)now));
    }

    private GossipCounters Counters => _node.Counters;

    /// <summary>Opens a frame; false, having counted it, if it is not to be believed.</summary>
    internal bool TryOpen(ReadOnlyMemory<byte> bytes, ulong now, [NotNullWhen(true)] out Frame? frame)
    {
        frame = null;
        var isSealed = bytes.Length > 0 && bytes.Span[0] == Sealed;
        var tagBytes = isSealed ? FrameSeal.TagBytes : 0;
        if (bytes.Length <= 1 + tagBytes || bytes.Length > Limits.FrameBytesMax || (!isSealed && bytes.Span[0] != Open))
        {
            Counters.Malformed++;
            return false;
        }

        _parts.Clear();
        try
        {
            var opened = _frames.Open(bytes[1..^tagBytes], out var number);
            var isWhole = TryRead(opened);
            var isLetIn = isSealed ? IsAuthentic(opened, number, bytes.Span, isWhole, now) : isWhole && IsIntroduction(opened, now);
            frame = isLetIn ? Heard(opened) : null;
        }
        catch (DecodeException)
        {
            // The sender is broken or hostile; either way there is nothing to learn from it, nor is it proved who it is.
            Counters.Malformed++;
        }
        finally
        {
            _frames.Close();
        }

        return frame is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();

    private bool TryRead(Frame frame)
    {
        try
        {
            _frames.Read(frame, _parts);
            return true;
        }
        catch (DecodeException)
        {
            Counters.Malformed++;
            return false;
        }
    }

    /// <summary>Whether a sealed frame is from the member it names, has not come before, and is not one too many.</summary>
    private bool IsAuthentic(Frame frame, ulong number, ReadOnlySpan<byte> bytes, bool isWhole, ulong now)
    {
        var sender = isWhole ? Introduced(frame.From, now) : null;
        if (sender is null && !_node.TryRecognise(frame.From, out sender))
        {
            Counters.Strangers += isWhole ? 1 : 0;
            return false;
        }

        var channel = _seal.Channel(sender!);
        if (!FrameSeal.IsTag(channel, bytes[..^FrameSeal.TagBytes], bytes[^FrameSeal.TagBytes..]))
        {
            Counters.Forged += isWhole ? 1 : 0;
            return false;
        }

        if (!channel.TryTake(number))
        {
            Counters.Replayed += isWhole ? 1 : 0;
            return false;
        }

        if (!isWhole)
        {
            _node.Standings.Blame(frame.From, Offence.Malformed);
            return false;
        }

        if (!_node.Standings.TryFrame(frame.From))
        {
            Counters.Excess++;
            return false;
        }

        return true;
    }

    /// <summary>
    /// An open frame proves nothing beyond the records in it: it may introduce its sender and ask for a page, which goes to where the
    /// sender's own record says that it listens.
    /// </summary>
    private bool IsIntroduction(Frame frame, ulong now)
    {
        if (frame.Words.Count + frame.Have.Count + frame.Want.Count + frame.Sync.Count + frame.Samples.Count > 0 || frame.Ping != 0 || frame.PageNext != 0)
        {
            Counters.Forged++;
            return false;
        }

        _parts.Messages.Clear();
        var counted = Counters.Strangers + Counters.Forged;
        if (Introduced(frame.From, now) is not null || _node.TryRecognise(frame.From, out _))
        {
            return true;
        }

        // Every frame that is dropped is counted once, whatever the reason.
        Counters.Strangers += Counters.Strangers + Counters.Forged == counted ? 1 : 0;
        return false;
    }

    /// <summary>The sender's own record, if it came with the frame and is newer than what is known of it.</summary>
    private SignedRecord? Introduced(ulong from, ulong now)
    {
        foreach (var envelope in _parts.Records)
        {
            if (!_heartbeats.TryPeek(envelope.Span, out var peer, out var server, out var seq) || peer.Tail != from || !_node.IsNews(peer, seq, server))
            {
                continue;
            }

            if (!_strangers.TryTake(1, TimeSpan.FromMilliseconds((long)now)))
            {
                Counters.Strangers++;
                return null;
            }

            if (_heartbeats.TryOpen(envelope.Span, Known(from)?.Record.Profile, out var record))
            {
                return record;
            }

            Counters.Forged++;
        }

        return null;
    }

    /// <summary>What is listened to of a frame that was let in: all of it, or its probes only.</summary>
    private Frame Heard(Frame frame)
    {
        if (_node.Standings.IsIgnored(frame.From))
        {
            Counters.Ignored++;
            return new Frame { From = frame.From, Ping = frame.Ping, Ack = frame.Ack };
        }

        OpenRecords(frame);
        OpenMessages(frame);
        OpenSamples(frame);
        return frame;
    }

    /// <summary>Opens those records that tell anything new; the others only say that they came.</summary>
    private void OpenRecords(Frame frame)
    {
        foreach (var envelope in _parts.Records)
        {
            if (OpenRecord(frame.From, envelope.Span) is { } record)
            {
                frame.Records.Add(record);
            }
        }
    }

    private SignedRecord? OpenRecord(ulong from, ReadOnlySpan<byte> envelope)
    {
        if (!_heartbeats.TryPeek(envelope, out var peer, out var server, out var seq))
        {
            Counters.Malformed++;
            _node.Standings.Blame(from, Offence.Malformed);
            return null;
        }

        var known = Known(peer.Tail);
        if (known is not null && known.Record.Peer != peer)
        {
            // Two peers with one short name: the first keeps it.
            Counters.Forged++;
            return null;
        }

        if (known is not null && !_node.IsNews(peer, seq, server))
        {
            return known;
        }

        if (!_heartbeats.TryOpen(envelope, known?.Record.Profile, out var record))
        {
            Counters.Forged++;
            _node.Standings.Blame(from, Offence.BadSignature);
        }

        return record;
    }

    /// <summary>Opens those messages that did not come before.</summary>
    private void OpenMessages(Frame frame)
    {
        foreach (var envelope in _parts.Messages)
        {
            if (!_topics.TryPeek(envelope.Span, out var id))
            {
                Counters.Malformed++;
                _node.Standings.Blame(frame.From, Offence.Malformed);
            }
            else if (_node.IsSeen(in id))
            {
                // The tree needs to know that it came twice, not what it says.
                frame.Messages.Add(new TopicMessage(id, "", default, default));
            }
            else if (_topics.TryOpen(envelope.Span, out var message))
            {
                frame.Messages.Add(message);
            }
            else
            {
                Counters.Forged++;
                _node.Standings.Blame(frame.From, Offence.BadSignature);
            }
        }
    }

    /// <summary>Opens the samples that came whole: those of peers that are no members here.</summary>
    private void OpenSamples(Frame frame)
    {
        for (var i = frame.Samples.Count - 1; i >= 0; i--)
        {
            if (_parts.Samples[i].Length == 0 || _node.TryGet(frame.Samples[i].Digest.Tail, out _))
            {
                continue;
            }

            var record = OpenRecord(frame.From, _parts.Samples[i].Span);
            if (record?.Tail == frame.Samples[i].Digest.Tail)
            {
                frame.Samples[i] = new Sample(Digest.Of(record), frame.Samples[i].Hop, record);
            }
            else
            {
                frame.Samples.RemoveAt(i);
            }
        }
    }

    private SignedRecord? Known(ulong tail) => _node.TryRecognise(tail, out var record) ? record : null;
}

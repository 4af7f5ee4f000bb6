using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Core.Capnp;
using Wetware.Core.Multiformats;
using Wetware.Membership.Identity;
using Wetware.Membership.Routing;
using Wetware.Membership.Wire;

namespace Wetware.Membership.Gossip;

/// <summary>
/// The membership of one node as bytes: the protocol, its wire format and seals, and the routing table it feeds. Still without I/O.
/// One loop drives it: <see cref="Tick"/> every <see cref="GossipOptions.TickMs"/>, <see cref="Receive"/> for every frame that comes
/// over whatever carries frames, and after each, <see cref="TryTakeOutgoing"/> until it returns false. A frame is whole in
/// one datagram or one call; losing it is no error. Time is in milliseconds of a clock that does not go back.
/// </summary>
public sealed class GossipEndpoint : ISelf, IDisposable
{
    private const byte Open = 1;
    private const byte Sealed = 2;

    private readonly PeerKey _key;
    private readonly ServerId _server;
    private readonly uint _ttlMs;
    private readonly GossipOptions _options;
    private readonly HeartbeatCodec _heartbeats;
    private readonly MessageCodec _topics;
    private readonly FrameCodec _frames = new();
    private readonly FrameSeal _seal;
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly List<ReadOnlyMemory<byte>> _records = [];
    private readonly List<ReadOnlyMemory<byte>> _messages = [];
    private readonly TableFeed _feed;
    private Profile _profile;
    private double _strangers = Limits.StrangersPerSecondMax;
    private ulong _now;
    private ulong _published;

    /// <summary>A node that knows nobody but itself.</summary>
    /// <param name="identity">Who it is and what it says of itself.</param>
    /// <param name="options">The protocol's times and sizes.</param>
    /// <param name="seed">Of its randomness.</param>
    /// <param name="now">The present, in milliseconds.</param>
    public GossipEndpoint(GossipIdentity identity, GossipOptions options, ulong seed, ulong now)
    {
        identity.Validate();
        _key = identity.Key;
        _server = identity.Server;
        _ttlMs = identity.TtlMs;
        _profile = identity.Profile;
        _options = options;
        _heartbeats = new HeartbeatCodec(identity.Namespace);
        _topics = new MessageCodec(identity.Namespace);
        _published = identity.FirstSeq;
        _seal = new FrameSeal(identity.Key, identity.Namespace, identity.Server);
        _now = now;
        Table = new RoutingTable(now);
        Node = new GossipNode(options, this, identity.FirstSeq, seed, now);
        _feed = new TableFeed(Node, Table, now);
    }

    /// <summary>The protocol, to be asked and not to be driven.</summary>
    public GossipNode Node { get; }

    /// <summary>Everybody that is believed to be there, this node included. Read it only through snapshots, and only from the driving thread.</summary>
    public RoutingTable Table { get; }

    /// <summary>What the node saw and did.</summary>
    public GossipCounters Counters => Node.Counters;

    /// <summary>Names a place where another member may be met: a static address, or one that boot found.</summary>
    public void AddSeed(Multiaddr address) => Node.AddSeed(address);

    /// <summary>Says something new of this node from now on, and tells everybody.</summary>
    /// <param name="profile">Of the same peer.</param>
    /// <param name="now">The present, in milliseconds.</param>
    public void Say(Profile profile, ulong now)
    {
        if (profile.Peer != _key.Peer)
        {
            throw new ArgumentException("the profile is of another peer", nameof(profile));
        }

        _profile = profile;
        Node.Refresh(now);
        _feed.Take(now);
    }

    /// <summary>Publishes a message: it reaches everybody at most once, this node included.</summary>
    /// <exception cref="MembershipException">The topic or the data is too long.</exception>
    public void Publish(string topic, ReadOnlySpan<byte> data, ulong now)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(topic) is 0 or > Limits.TopicBytesMax)
        {
            throw new MembershipException($"a topic has 1 to {Limits.TopicBytesMax} bytes");
        }

        if (data.Length > Limits.MessageBytesMax)
        {
            throw new MembershipException($"a message has at most {Limits.MessageBytesMax} bytes");
        }

        Node.Publish(_topics.Seal(_key, topic, ++_published, data), now);
    }

    /// <summary>Takes one message that was published, by this node or another; false if there is none.</summary>
    public bool TryTakeMessage([NotNullWhen(true)] out TopicMessage? message) => Node.TryTakeMessage(out message);

    /// <summary>Says goodbye; send what comes out of <see cref="TryTakeOutgoing"/> and stop.</summary>
    public void Leave(ulong now) => Node.Leave(now);

    /// <summary>Moves time on.</summary>
    public void Tick(ulong now)
    {
        var passed = now - Math.Min(now, _now);
        _strangers = Math.Min(Limits.StrangersPerSecondMax, _strangers + (passed * Limits.StrangersPerSecondMax / 1_000.0));
        _now = Math.Max(_now, now);
        Node.Tick(now);
        _feed.Tick(now);
    }

    /// <summary>Takes in a frame. Nothing that it holds can do harm: what is not authentic is counted and dropped.</summary>
    /// <param name="bytes">One whole frame; not kept.</param>
    /// <param name="now">The present, in milliseconds.</param>
    public void Receive(ReadOnlyMemory<byte> bytes, ulong now)
    {
        _now = Math.Max(_now, now);
        if (bytes.Length is < 2 or > Limits.FrameBytesMax || bytes.Span[0] is not (Open or Sealed))
        {
            Counters.Malformed++;
            return;
        }

        var isSealed = bytes.Span[0] == Sealed;
        var tagBytes = isSealed ? FrameSeal.TagBytes : 0;
        if (bytes.Length <= 1 + tagBytes)
        {
            Counters.Malformed++;
            return;
        }

        try
        {
            _records.Clear();
            _messages.Clear();
            var frame = _frames.Read(bytes[1..^tagBytes], out var number, _records, _messages);
            if (isSealed ? IsAuthentic(frame, number, bytes.Span) : IsIntroduction(frame))
            {
                OpenRecords(frame);
                OpenMessages(frame);
                Node.Receive(frame, now);
            }
        }
        catch (DecodeException)
        {
            // The sender is broken or hostile; either way there is nothing to learn from it.
            Counters.Malformed++;
        }
        finally
        {
            _frames.Close();
        }

        _feed.Take(now);
    }

    /// <summary>Takes one frame to be sent; false if there is none.</summary>
    public bool TryTakeOutgoing(out OutgoingFrame outgoing)
    {
        while (Node.TryTakeOutgoing(out var next))
        {
            var channel = next.To is null ? null : _seal.Channel(next.To);
            if (next.To is not null && channel is null)
            {
                // Nothing can be proven to a member whose key cannot agree on a secret.
                continue;
            }

            _output.ResetWrittenCount();
            _output.Write([channel is null ? Open : Sealed]);
            _frames.Write(next.Frame, channel?.NextNumber(_now) ?? 0, _output);
            if (channel is not null)
            {
                FrameSeal.Tag(channel, _output.WrittenSpan, _output.GetSpan(FrameSeal.TagBytes));
                _output.Advance(FrameSeal.TagBytes);
            }

            Invariant.Check(_output.WrittenCount <= Limits.FrameBytesMax);
            outgoing = new OutgoingFrame(
                next.To?.Record.Profile, next.Address, _output.WrittenMemory, _output.WrittenCount > _options.FrameBytes + (_options.FrameBytes / 4));
            return true;
        }

        outgoing = default;
        return false;
    }

    /// <summary>Takes one change of the membership; false if there is none.</summary>
    public bool TryTakeChange(out MemberChange change) => _feed.TryTakeChange(out change);

    /// <summary>Gives its buffers back. The key stays its owner's.</summary>
    public void Dispose()
    {
        _heartbeats.Dispose();
        _topics.Dispose();
        _frames.Dispose();
    }

    SignedRecord ISelf.Seal(ulong seq, bool leave) => _heartbeats.Seal(_key, new PeerRecord(_profile, _server, seq, _ttlMs), leave);

    /// <summary>Whether a sealed frame is from the member it names and has not come before.</summary>
    private bool IsAuthentic(Frame frame, ulong number, ReadOnlySpan<byte> bytes)
    {
        var sender = Introduced(frame.From);
        if (sender is null && !Node.TryRecognise(frame.From, out sender))
        {
            Counters.Strangers++;
            return false;
        }

        var channel = _seal.Channel(sender!);
        if (!FrameSeal.IsTag(channel, bytes[..^FrameSeal.TagBytes], bytes[^FrameSeal.TagBytes..]))
        {
            Counters.Forged++;
            return false;
        }

        if (!channel.TryTake(number))
        {
            Counters.Replayed++;
            return false;
        }

        return true;
    }

    /// <summary>
    /// An open frame proves nothing beyond the records in it: it may introduce its sender and ask for a page, which goes to where the
    /// sender's own record says that it listens.
    /// </summary>
    private bool IsIntroduction(Frame frame)
    {
        if (frame.Words.Count + frame.Have.Count + frame.Want.Count + frame.Sync.Count > 0 || frame.Ping != 0 || frame.PageNext != 0)
        {
            Counters.Forged++;
            return false;
        }

        _messages.Clear();
        var counted = Counters.Strangers + Counters.Forged;
        if (Introduced(frame.From) is not null || Node.TryRecognise(frame.From, out _))
        {
            return true;
        }

        // Every frame that is dropped is counted once, whatever the reason.
        Counters.Strangers += Counters.Strangers + Counters.Forged == counted ? 1 : 0;
        return false;
    }

    /// <summary>The sender's own record, if it came with the frame and is newer than what is known of it.</summary>
    private SignedRecord? Introduced(ulong from)
    {
        foreach (var envelope in _records)
        {
            if (!_heartbeats.TryPeek(envelope.Span, out var peer, out var server, out var seq) || peer.Tail != from || !Node.IsNews(peer, seq, server))
            {
                continue;
            }

            if (_strangers < 1)
            {
                Counters.Strangers++;
                return null;
            }

            _strangers--;
            if (_heartbeats.TryOpen(envelope.Span, Known(from)?.Record.Profile, out var record))
            {
                return record;
            }

            Counters.Forged++;
        }

        return null;
    }

    /// <summary>Opens those records of an authentic frame that tell anything new; the others only say that they came.</summary>
    private void OpenRecords(Frame frame)
    {
        foreach (var envelope in _records)
        {
            if (!_heartbeats.TryPeek(envelope.Span, out var peer, out var server, out var seq))
            {
                Counters.Malformed++;
                continue;
            }

            var known = Known(peer.Tail);
            if (known is not null && known.Record.Peer != peer)
            {
                // Two peers with one short name: the first keeps it.
                Counters.Forged++;
            }
            else if (known is not null && !Node.IsNews(peer, seq, server))
            {
                frame.Records.Add(known);
            }
            else if (_heartbeats.TryOpen(envelope.Span, known?.Record.Profile, out var record))
            {
                frame.Records.Add(record);
            }
            else
            {
                Counters.Forged++;
            }
        }
    }

    /// <summary>Opens those messages of an authentic frame that did not come before.</summary>
    private void OpenMessages(Frame frame)
    {
        foreach (var envelope in _messages)
        {
            if (!_topics.TryPeek(envelope.Span, out var id))
            {
                Counters.Malformed++;
            }
            else if (Node.IsSeen(in id))
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
            }
        }
    }

    private SignedRecord? Known(ulong tail) => Node.TryRecognise(tail, out var record) ? record : null;
}

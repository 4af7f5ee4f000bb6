using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Wetware.Capnp;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Core.Multiformats;
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
    private readonly PeerKey _key;
    private readonly ServerId _server;
    private readonly uint _ttlMs;
    private readonly GossipOptions _options;
    private readonly HeartbeatCodec _heartbeats;
    private readonly MessageCodec _topics;
    private readonly FrameCodec _frames = new();
    private readonly FrameSeal _seal;
    private readonly FrameGate _gate;
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly TableFeed _feed;
    private Profile _profile;
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
        _gate = new FrameGate(Node, _heartbeats, _topics, _seal, now);
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

    /// <summary>How many peers the node remembers.</summary>
    public int Remembers => Node.Sample.Count;

    /// <summary>The peers that this node remembers, those that are out of reach too: for a file, to be given to <see cref="TryRemember"/> at the next start.</summary>
    public byte[] Remembered() => PexCodec.Write(Node.Sample);

    /// <summary>Remembers the peers of an earlier start, to call them until somebody answers. What their peers did not sign is passed over.</summary>
    /// <param name="file">What <see cref="Remembered"/> gave.</param>
    /// <param name="addresses">Where those peers were reached.</param>
    /// <param name="error">What is wrong with the bytes, in a few words.</param>
    /// <returns>False, having remembered nobody, if the bytes are damaged.</returns>
    public bool TryRemember(ReadOnlyMemory<byte> file, out IReadOnlyList<Multiaddr> addresses, [NotNullWhen(false)] out string? error)
    {
        var known = new List<Multiaddr>();
        addresses = known;
        if (!PexCodec.TryRead(file, out var records, out error))
        {
            return false;
        }

        foreach (var (hop, envelope) in records)
        {
            if (_heartbeats.TryOpen(envelope, null, out var record) && record.Tail != Node.Own.Tail)
            {
                Node.Remember(record, hop);
                known.AddRange(record.Record.Profile.Addresses);
            }
        }

        return true;
    }

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
        if (_gate.TryOpen(bytes, now, out var frame))
        {
            Node.Receive(frame, now);
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
            _output.Write([channel is null ? FrameGate.Open : FrameGate.Sealed]);
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
        _gate.Dispose();
    }

    SignedRecord ISelf.Seal(ulong seq, bool leave) => _heartbeats.Seal(_key, new PeerRecord(_profile, _server, seq, _ttlMs), leave);
}

using System.Buffers;
using Wetware.Core;
using Wetware.Membership.Gossip;
using Wetware.Core.Identity;
using Wetware.Membership.Routing;
using Wetware.Membership.Wire;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Gossip;

/// <summary>A member with a good key that misbehaves: it can seal what it likes.</summary>
public sealed class RogueMemberTests : IDisposable
{
    private const int FramesOfATick = 10;

    private readonly Cluster _cluster = new(Property.Seed());
    private readonly FrameCodec _codec = new();
    private readonly FrameSeal _seal;
    private readonly GossipEndpoint _victim;
    private readonly SignedRecord _rogue;
    private ulong _number;
    private ulong _forged;

    public RogueMemberTests()
    {
        for (var n = 0; n < 4; n++)
        {
            _cluster.Start(n, seed: 0);
        }

        Assert.True(_cluster.RunUntil(() => _cluster.IsWhole(4), 5_000));
        _cluster.Run(6_000);
        _victim = _cluster.Nodes[0]!;
        _rogue = _cluster.Nodes[1]!.Node.Own;
        _seal = new FrameSeal(_cluster.Key(1), "ww", _rogue.Record.Server);
    }

    public void Dispose()
    {
        _codec.Dispose();
        _cluster.Dispose();
    }

    [Fact]
    public void Bad_signatures_are_held_against_whoever_hands_them_on_until_it_is_not_listened_to_but_still_alive()
    {
        for (var i = 0; i < 3; i++)
        {
            Send(Forgery());
        }

        Assert.Equal(3, _victim.Counters.Forged);
        Assert.True(_victim.Node.Standings.IsIgnored(_rogue.Tail));
        var stale = _victim.Counters.Stale;
        Send(new Frame { From = _rogue.Tail, Records = { _cluster.Nodes[2]!.Node.Own } });
        Assert.Equal((1, stale), (_victim.Counters.Ignored, _victim.Counters.Stale));
        for (var i = 0; i < 100; i++)
        {
            _cluster.Run(100);
            Assert.True(_cluster.IsWhole(4), "a peer that is not listened to was taken for dead");
        }

        Assert.True(_victim.Node.Standings.IsIgnored(_rogue.Tail));
        var ignored = _victim.Counters.Ignored;
        Send(new Frame { From = _rogue.Tail, Records = { _cluster.Nodes[2]!.Node.Own } });
        Assert.Equal(ignored + 1, _victim.Counters.Ignored);
    }

    [Fact]
    public void A_peer_that_behaves_again_is_heard_again()
    {
        for (var i = 0; i < 20; i++)
        {
            Send(Forgery());
        }

        _cluster.Run(70_000);
        Assert.False(_victim.Node.Standings.IsIgnored(_rogue.Tail));
        _cluster.Nodes[1]!.Publish("t", [1], _cluster.Now);
        _cluster.Run(1_000);
        Assert.True(_victim.TryTakeMessage(out var message));
        Assert.Equal(_rogue.Tail, message.Id.Origin);
        Assert.True(_cluster.IsWhole(4));
    }

    [Fact]
    public void What_is_sealed_and_cannot_be_read_is_held_against_its_sender()
    {
        for (var i = 0; i < 3; i++)
        {
            Send(new Frame { From = _rogue.Tail, Sync = { new SyncRange(0, 0, [1, 2, 3], []) } });
        }

        Assert.Equal(3, _victim.Counters.Malformed);
        Assert.True(_victim.Node.Standings.IsIgnored(_rogue.Tail));
    }

    [Fact]
    public void What_is_not_proved_to_come_from_a_peer_is_not_held_against_it()
    {
        for (var i = 0; i < 50; i++)
        {
            var bytes = Bytes(Forgery());
            bytes[^1] ^= 1;
            _victim.Receive(bytes, _cluster.Now);
        }

        Assert.Equal(50, _victim.Counters.Forged);
        Assert.Equal(0, _victim.Node.Standings.Of(_rogue.Tail));
    }

    [Fact]
    public void A_flood_of_frames_is_cut_off_and_the_others_are_heard()
    {
        for (var i = 0; i < Limits.PeerFramesBurst + 500; i++)
        {
            Send(new Frame { From = _rogue.Tail });
        }

        // What the rogue itself has sent a moment before counts too.
        Assert.InRange(_victim.Counters.Excess, 1, 500 + FramesOfATick);
        _cluster.Nodes[2]!.Publish("t", [2], _cluster.Now);
        _cluster.Run(1_000);
        Assert.True(_victim.TryTakeMessage(out _));
    }

    [Fact]
    public void An_exchange_cannot_smuggle_in_a_peer_that_did_not_sign()
    {
        using var key = PeerKey.Create();
        var honest = new HeartbeatCodec("ww").Seal(key, _rogue.Record with { Profile = ProfileOf(key) }, leave: false);
        var forged = honest.Envelope.ToArray();
        forged[^1] ^= 1;
        Send(Exchange(honest with { Envelope = forged }));
        Assert.False(_victim.Node.Sample.Contains(honest.Tail));
        for (var i = 0; i < 20 && !_victim.Node.Sample.Contains(honest.Tail); i++)
        {
            // What comes soon after an exchange that the rogue's own node began counts as that asked again, and is not taken in.
            _cluster.Run(5_000);
            Send(Exchange(honest));
        }

        Assert.True(_victim.Node.Sample.Contains(honest.Tail));
    }

    private static Profile ProfileOf(PeerKey key) => Profile.Create(key.Peer, "nowhere", [], [Cluster.Address(99)]);

    private Frame Exchange(SignedRecord record) => new()
    {
        From = _rogue.Tail,
        Samples = { new(Digest.Of(record), 1, record), new(Digest.Of(_rogue), 0, null) },
    };

    /// <summary>A newer record of a third member, with a signature that is not its own.</summary>
    private Frame Forgery()
    {
        var own = _cluster.Nodes[3]!.Node.Own;
        var newer = new HeartbeatCodec("ww").Seal(_cluster.Key(3), own.Record with { Seq = own.Record.Seq + ++_forged }, leave: false);
        var forged = newer.Envelope.ToArray();
        forged[^1] ^= 1;
        return new Frame { From = _rogue.Tail, Records = { newer with { Envelope = forged } } };
    }

    private void Send(Frame frame) => _victim.Receive(Bytes(frame), _cluster.Now);

    private byte[] Bytes(Frame frame)
    {
        var channel = _seal.Channel(_victim.Node.Own)!;
        var output = new ArrayBufferWriter<byte>();
        output.Write([FrameGate.Sealed]);
        // Ahead of what the rogue itself has sent, but not so far that what it sends later falls out of the window.
        _number = Math.Max(_number + 1, _cluster.Now + 500);
        _codec.Write(frame, _number, output);
        var tag = new byte[FrameSeal.TagBytes];
        FrameSeal.Tag(channel, output.WrittenSpan, tag);
        output.Write(tag);
        return output.WrittenSpan.ToArray();
    }
}

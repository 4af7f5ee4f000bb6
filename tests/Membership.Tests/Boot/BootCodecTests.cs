using FsCheck.Fluent;
using Wetware.Core.Multiformats;
using Wetware.Membership.Boot;
using Wetware.Core.Identity;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Boot;

public class BootCodecTests
{
    /// <summary>Wetware's published response packet (boot/socket/testdata/response.golden.capnp).</summary>
    private const string GoldenResponse =
        "Cl8IAxJbMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfFSsQy+qSKKKqCMKJksRDceFogfoCQSR/pgHXUbJdD7ygxcrqt6qfuj/Lb2XxJ3S0qGwwBVSO4bHZy/YNAm9QhICHwAaRhANUAEDAQIRCSoxCRoBERkOD2Nhc23/EiDpArbYf/8DkagUnuy3VnzIFy5TFRDwe7yyytNzahBKA1y1EQE6f+QPBHRlc3QqRzBFAiAjSU0cX4/vPsQMgjS9yfk0CP9rAiQzuRzigUW/qo/YfwIhAMlcTephw1ik8fY9Nx4LOpxmxzzoOWTtMfnVfSIytn+U";

    [Fact]
    public void The_published_request_reads_and_writes_to_the_same_bytes()
    {
        var golden = File.ReadAllBytes(Conformance.Shared("conformance/boot/request.golden.capnp"));
        using var codec = new BootCodec();
        Assert.True(codec.TryOpen(golden, out var packet, out var fault));
        Assert.Equal(BootFault.None, fault);
        Assert.Equal((BootPacketKind.Request, "casm"), (packet.Kind, packet.Namespace));
        Assert.Equal(PayloadOf(golden), codec.Encode(packet));
    }

    [Fact]
    public void The_published_response_reads_and_writes_to_the_same_bytes_though_its_address_is_of_an_unknown_protocol()
    {
        var golden = Convert.FromBase64String(GoldenResponse);
        using var codec = new BootCodec();
        Assert.True(codec.TryOpen(golden, out var packet, out _));
        Assert.Equal((BootPacketKind.Response, "casm"), (packet.Kind, packet.Namespace));
        Assert.Equal("e40f0474657374", Convert.ToHexStringLower(Assert.Single(packet.Addresses).Span));
        Assert.Empty(BootResponder.Addresses(packet, "casm"));
        Assert.Equal(PayloadOf(golden), codec.Encode(packet));
    }

    [Theory]
    [InlineData(BootPacketKind.Request, 0)]
    [InlineData(BootPacketKind.Survey, 255)]
    [InlineData(BootPacketKind.Response, 0)]
    public void Every_kind_survives_the_journey(BootPacketKind kind, byte distance)
    {
        using var key = PeerKey.Create();
        using var codec = new BootCodec();
        ReadOnlyMemory<byte>[] addresses = kind == BootPacketKind.Response ? [Multiaddr.Parse("/ip4/1.2.3.4/tcp/5").Bytes.ToArray()] : [];
        var packet = new BootPacket(kind, "ww", key.Peer, distance, addresses);
        var datagram = codec.Seal(key, packet);
        Assert.True(codec.TryOpen(datagram, out var back, out _));
        Assert.Equal((kind, "ww", key.Peer, distance, addresses.Length), (back.Kind, back.Namespace, back.Peer, back.Distance, back.Addresses.Count));
    }

    [Fact]
    public void A_packet_that_names_another_peer_than_its_signer_is_forged()
    {
        using var one = PeerKey.Create();
        using var two = PeerKey.Create();
        using var codec = new BootCodec();
        var payload = codec.Encode(new BootPacket(BootPacketKind.Request, "ww", two.Peer, 0, []));
        Assert.False(codec.TryOpen(Envelope.Seal(one, BootCodec.Domain, [0x1f, 0x00], payload), out _, out var fault));
        Assert.Equal(BootFault.Forged, fault);
    }

    [Fact]
    public void Bad_datagrams_are_refused_with_a_reason()
    {
        using var key = PeerKey.Create();
        using var codec = new BootCodec();
        Assert.False(codec.TryOpen(new byte[Limits.BootDatagramBytesMax + 1], out _, out var fault));
        Assert.Equal(BootFault.Oversized, fault);
        var good = codec.Seal(key, new BootPacket(BootPacketKind.Survey, "ww", key.Peer, 7, []));
        Property.Check(
            Gen.Zip(Gen.Choose(0, good.Length - 1), Gen.Choose(1, 255)),
            change =>
            {
                var bad = good.ToArray();
                bad[change.Item1] ^= (byte)change.Item2;
                return !codec.TryOpen(bad, out var packet, out _) || packet.Peer != key.Peer;
            });
        var signed = Envelope.Seal(key, BootCodec.Domain, [0x1f, 0x00], [1, 2, 3]);
        Assert.False(codec.TryOpen(signed, out _, out fault));
        Assert.Equal(BootFault.Malformed, fault);
    }

    private static byte[] PayloadOf(byte[] envelope)
    {
        Assert.True(Envelope.TryOpen(envelope, BootCodec.Domain, [0x1f, 0x00], out var opened, out _));
        return opened.Payload.ToArray();
    }
}

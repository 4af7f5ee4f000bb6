using FsCheck.Fluent;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Identity;

public class EnvelopeTests
{
    private const string Domain = "casm-boot-record";

    private static readonly byte[] s_type = [0x1f, 0x00];

    [Fact]
    public void A_published_packet_verifies_and_names_its_peer()
    {
        var golden = File.ReadAllBytes(Conformance.Shared("conformance/boot/request.golden.capnp"));
        Assert.True(Envelope.TryOpen(golden, Domain, s_type, out var envelope, out _));
        Assert.Equal(KeyKind.Ecdsa, envelope.Signer.Kind);
        Assert.Equal("1220e902b6d87fff91a8149eecb7567cc8172e531510f07bbcb2cad3736a104a5cb5", Convert.ToHexStringLower(envelope.Signer.Peer.Bytes));
        Assert.Equal(58, envelope.Payload.Length);
        Assert.False(Envelope.TryOpen(golden, "another-domain", s_type, out _, out var fault));
        Assert.Equal(EnvelopeFault.BadSignature, fault);
        Assert.False(Envelope.TryOpen(golden, Domain, [0x1f, 0x01], out _, out fault));
        Assert.Equal(EnvelopeFault.OtherPayload, fault);
    }

    [Fact]
    public void What_one_peer_seals_every_peer_can_open()
    {
        using var key = PeerKey.Create();
        var sealedBytes = Envelope.Seal(key, "d", [1], "hello"u8);
        Assert.True(Envelope.TryOpen(sealedBytes, "d", [1], out var envelope, out var fault));
        Assert.Equal(EnvelopeFault.None, fault);
        Assert.Equal("hello"u8.ToArray(), envelope.Payload.ToArray());
        Assert.Equal(key.Peer, envelope.Signer.Peer);
        Assert.Equal(key.Public, envelope.Signer);
    }

    [Fact]
    public void Any_changed_byte_is_noticed()
    {
        using var key = PeerKey.Create();
        var good = Envelope.Seal(key, "d", [1], "hello"u8);
        Property.Check(
            Gen.Zip(Gen.Choose(0, good.Length - 1), Gen.Choose(1, 255)),
            change =>
            {
                var bad = good.ToArray();
                bad[change.Item1] ^= (byte)change.Item2;
                return !Envelope.TryOpen(bad, "d", [1], out var opened, out _) || opened.Signer.Peer != key.Peer;
            },
            cases: 500);
    }

    [Fact]
    public void Every_truncation_and_any_garbage_is_refused()
    {
        using var key = PeerKey.Create();
        var good = Envelope.Seal(key, "d", [1], "hello"u8);
        for (var length = 0; length < good.Length; length++)
        {
            Assert.False(Envelope.TryOpen(good.AsSpan(0, length), "d", [1], out _, out _));
        }

        Property.Check(ArbMap.Default.ArbFor<byte[]>(), bytes => !Envelope.TryOpen(bytes, "d", [1], out _, out _));
        Assert.False(Envelope.TryOpen(new byte[IdentityLimits.EnvelopeBytesMax + 1], "d", [1], out _, out var fault));
        Assert.Equal(EnvelopeFault.Malformed, fault);
    }

    [Fact]
    public void An_Ed25519_key_is_read_but_signs_nothing_here()
    {
        var encoded = Convert.FromHexString("080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e");
        Assert.True(PublicKey.TryParse(encoded, out var key));
        Assert.Equal(KeyKind.Ed25519, key.Kind);
        Assert.False(key.Verify("m"u8, new byte[64]));
    }
}

using System.Security.Cryptography;
using Wetware.Core.Identity;

namespace Wetware.Membership.Tests.Identity;

public class PeerKeyTests
{
    [Fact]
    public void A_key_survives_its_text()
    {
        using var key = PeerKey.Create();
        using var back = PeerKey.FromPem(key.ToPem());
        Assert.Equal(key.Peer, back.Peer);
        Assert.True(key.Public.Verify("m"u8, back.Sign("m"u8)));
        Assert.StartsWith("Qm", key.Peer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_peer_s_signature_does_not_pass()
    {
        using var one = PeerKey.Create();
        using var two = PeerKey.Create();
        Assert.NotEqual(one.Peer, two.Peer);
        Assert.False(one.Public.Verify("m"u8, two.Sign("m"u8)));
        Assert.False(one.Public.Verify("n"u8, one.Sign("m"u8)));
        Assert.False(one.Public.Verify("m"u8, []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void Text_that_is_no_key_is_refused(string pem) => Assert.Throws<FormatException>(() => PeerKey.FromPem(pem));

    [Fact]
    public void A_public_key_or_another_curve_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<FormatException>(() => PeerKey.FromPem(other.ExportPkcs8PrivateKeyPem()));
        using var mine = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<FormatException>(() => PeerKey.FromPem(mine.ExportSubjectPublicKeyInfoPem()));
    }

    [Fact]
    public void Two_peers_agree_on_a_secret_that_a_third_does_not_have()
    {
        using var one = PeerKey.Create();
        using var two = PeerKey.Create();
        using var three = PeerKey.Create();
        Assert.Equal(one.Agree(two.Public, "p"u8), two.Agree(one.Public, "p"u8));
        Assert.NotEqual(one.Agree(two.Public, "p"u8), one.Agree(two.Public, "q"u8));
        Assert.NotEqual(one.Agree(two.Public, "p"u8), three.Agree(two.Public, "p"u8));
    }
}

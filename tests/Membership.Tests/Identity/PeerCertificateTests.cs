using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Wetware.Core.Identity;

namespace Wetware.Membership.Tests.Identity;

public class PeerCertificateTests
{
    // The certificates that libp2p's TLS specification publishes as test vectors.
    private const string Ecdsa =
        "308201f63082019da0030201020204499602d2300a06082a8648ce3d040302302031123010060355040a13096c69627032702e696f310a300806035504051301313020170d" +
        "3735303130313133303030305a180f34303936303130313133303030305a302031123010060355040a13096c69627032702e696f310a300806035504051301313059301306" +
        "072a8648ce3d020106082a8648ce3d030107034200040c901d423c831ca85e27c73c263ba132721bb9d7a84c4f0380b2a6756fd601331c8870234dec878504c174144fa4b1" +
        "4b66a651691606d8173e55bd37e381569ea381c23081bf3081bc060a2b0601040183a25a01010481ad3081aa045f0803125b3059301306072a8648ce3d020106082a8648ce" +
        "3d03010703420004bf30511f909414ebdd3242178fd290f093a551cf75c973155de0bb5a96fedf6cb5d52da7563e794b512f66e60c7f55ba8a3acf3dd72a801980d205e8a1" +
        "ad29f2044730450220064ea8124774caf8f50e57f436aa62350ce652418c019df5d98a3ac666c9386a022100aa59d704a931b5f72fb9222cb6cc51f954d04a4e2e5450f880" +
        "5fe8918f71eaae300a06082a8648ce3d04030203470030440220799395b0b6c1e940a7e4484705f610ab51ed376f19ff9d7c16757cfbf61b8d4302206205c03fbb0f95205c" +
        "779be86581d3e31c01871ad5d1f3435bcf375cb0e5088a";

    private const string Ed25519 =
        "308201ae30820156a0030201020204499602d2300a06082a8648ce3d040302302031123010060355040a13096c69627032702e696f310a300806035504051301313020170d" +
        "3735303130313133303030305a180f34303936303130313133303030305a302031123010060355040a13096c69627032702e696f310a300806035504051301313059301306" +
        "072a8648ce3d020106082a8648ce3d030107034200040c901d423c831ca85e27c73c263ba132721bb9d7a84c4f0380b2a6756fd601331c8870234dec878504c174144fa4b1" +
        "4b66a651691606d8173e55bd37e381569ea37c307a3078060a2b0601040183a25a0101046a3068042408011220a77f1d92fedb59dddaea5a1c4abd1ac2fbde7d7b879ed364" +
        "501809923d7c11b90440d90d2769db992d5e6195dbb08e706b6651e024fda6cfb8846694a435519941cac215a8207792e42849cccc6cd8136c6e4bde92a58c5e08cfd4206e" +
        "b5fe0bf909300a06082a8648ce3d0403020346003043021f50f6b6c52711a881778718238f650c9fb48943ae6ee6d28427dc6071ae55e702203625f116a7a454db9c56986c" +
        "82a25682f7248ea1cb764d322ea983ed36a31b77";

    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_published_certificate_is_that_of_the_published_peer()
    {
        Assert.True(PeerCertificate.TryVerify(Convert.FromHexString(Ecdsa), s_now, out var key, out var fault));
        Assert.Equal(CertificateFault.None, fault);
        Assert.Equal("QmfXbAwNjJLXfesgztEHe8HwgVDCMMpZ9Eax1HYq6hn9uE", key.Peer.ToString());
    }

    [Fact]
    public void A_peer_key_that_cannot_be_checked_is_not_believed() => Refused(Convert.FromHexString(Ed25519), CertificateFault.BadPeerKey);

    [Fact]
    public void A_certificate_is_its_peer_s()
    {
        using var key = PeerKey.Create();
        Assert.True(PeerCertificate.TryVerify(Make(key), s_now, out var found, out _));
        Assert.Equal(key.Public, found);
    }

    [Theory]
    [InlineData(1, 2, CertificateFault.NotYetValid)]
    [InlineData(-2, -1, CertificateFault.Expired)]
    public void Outside_its_time_it_is_refused(int fromDays, int toDays, CertificateFault expected)
    {
        using var key = PeerKey.Create();
        using var certificate = PeerCertificate.Create(key, s_now.AddDays(fromDays), s_now.AddDays(toDays));
        Refused(certificate.RawData, expected);
    }

    [Fact]
    public void Without_the_extension_it_names_no_peer()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(SelfSigned(own), CertificateFault.NoPeerKey);
    }

    [Fact]
    public void A_peer_s_signature_of_another_certificate_is_no_proof()
    {
        using var key = PeerKey.Create();
        using var stolen = PeerCertificate.Create(key, s_now.AddDays(-1), s_now.AddDays(1));
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(SelfSigned(own, stolen.Extensions[0]), CertificateFault.BadPeerSignature);
    }

    [Fact]
    public void A_certificate_that_another_key_signed_is_refused()
    {
        using var key = PeerKey.Create();
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var honest = PeerCertificate.Create(key, s_now.AddDays(-1), s_now.AddDays(1));
        var request = new CertificateRequest("CN=ww", own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(honest.Extensions[0]);
        using var foreign = request.Create(new X500DistinguishedName("CN=ww"), X509SignatureGenerator.CreateForECDsa(issuer), s_now.AddDays(-1), s_now.AddDays(1), [1]);
        Refused(foreign.RawData, CertificateFault.NotSelfSigned);
    }

    [Fact]
    public void However_it_is_cut_or_flipped_it_is_refused()
    {
        using var key = PeerKey.Create();
        var whole = Make(key);
        Refused([], CertificateFault.Missing);
        Refused([.. whole, 0], CertificateFault.Malformed);
        Refused([.. whole, .. whole], CertificateFault.Malformed);
        Refused(new byte[IdentityLimits.CertificateBytesMax + 1], CertificateFault.Malformed);
        for (var length = 1; length < whole.Length; length++)
        {
            Refused(whole[..length], CertificateFault.Malformed);
        }

        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = whole.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(PeerCertificate.TryVerify(flipped, s_now, out _, out _), $"bit {bit}");
        }
    }

    private static byte[] Make(PeerKey key)
    {
        using var certificate = PeerCertificate.Create(key, s_now.AddDays(-1), s_now.AddDays(1));
        return certificate.RawData;
    }

    private static byte[] SelfSigned(ECDsa own, params X509Extension[] extensions)
    {
        var request = new CertificateRequest("CN=ww", own, HashAlgorithmName.SHA256);
        Array.ForEach(extensions, request.CertificateExtensions.Add);
        using var certificate = request.CreateSelfSigned(s_now.AddDays(-1), s_now.AddDays(1));
        return certificate.RawData;
    }

    private static void Refused(byte[] der, CertificateFault expected)
    {
        Assert.False(PeerCertificate.TryVerify(der, s_now, out var key, out var fault));
        Assert.Null(key);
        Assert.Equal(expected, fault);
        Assert.NotEmpty(PeerCertificate.Explain(fault));
    }
}

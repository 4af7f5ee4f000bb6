using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Wetware.Core.Identity;

/// <summary>
/// A TLS certificate that says whose peer it is, as libp2p specifies (specs/tls): self-signed with a key of its own, with an
/// extension that holds the peer's public key and that key's signature of the certificate's key. Nobody else vouches for it.
/// </summary>
public static class PeerCertificate
{
    /// <summary>The libp2p public-key extension.</summary>
    public const string ExtensionOid = "1.3.6.1.4.1.53594.1.1";

    private const string SignaturePrefix = "libp2p-tls-handshake:";
    private const string EcdsaSha256 = "1.2.840.10045.4.3.2";

    /// <summary>Makes a certificate with its private key, which is new and lives in memory only.</summary>
    /// <param name="key">The peer's.</param>
    /// <param name="notBefore">When it becomes valid.</param>
    /// <param name="notAfter">When it ends to be.</param>
    public static X509Certificate2 Create(PeerKey key, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = key.Sign(SignedBytes(own.ExportSubjectPublicKeyInfo()));
        var request = new CertificateRequest("CN=ww", own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(ExtensionOid, EncodeExtension(key.Public.Encoded, signature), critical: false));
        return request.CreateSelfSigned(notBefore, notAfter);
    }

    /// <summary>Finds out whose a certificate is; false, with a reason, unless it is sound.</summary>
    /// <param name="der">The certificate in DER, from outside.</param>
    /// <param name="now">The time by which it must be valid.</param>
    /// <param name="peer">The peer's key.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryVerify(ReadOnlySpan<byte> der, DateTimeOffset now, [NotNullWhen(true)] out PublicKey? peer, out CertificateFault fault)
    {
        peer = null;
        if (der.IsEmpty || der.Length > IdentityLimits.CertificateBytesMax)
        {
            fault = der.IsEmpty ? CertificateFault.Missing : CertificateFault.Malformed;
            return false;
        }

        try
        {
            fault = Verify(der.ToArray(), now, out peer);
        }
        catch (Exception failure) when (failure is CryptographicException or AsnContentException)
        {
            fault = CertificateFault.Malformed;
        }

        return fault == CertificateFault.None;
    }

    /// <summary>A fault in words.</summary>
    public static string Explain(CertificateFault fault) => fault switch
    {
        CertificateFault.None => "its certificate is sound",
        CertificateFault.Missing => "it showed no certificate",
        CertificateFault.Malformed => "its certificate is malformed",
        CertificateFault.NotYetValid => "its certificate is not valid yet; compare the clocks",
        CertificateFault.Expired => "its certificate has expired",
        CertificateFault.NotSelfSigned => "its certificate is not signed by its own key",
        CertificateFault.NoPeerKey => "its certificate names no peer",
        CertificateFault.BadPeerKey => "the peer key in its certificate is not one that can be checked",
        _ => "the peer key in its certificate did not sign it",
    };

    private static CertificateFault Verify(byte[] der, DateTimeOffset now, out PublicKey? peer)
    {
        peer = null;
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        if (!certificate.RawDataMemory.Span.SequenceEqual(der))
        {
            return CertificateFault.Malformed;
        }

        if (now.UtcDateTime < certificate.NotBefore.ToUniversalTime())
        {
            return CertificateFault.NotYetValid;
        }

        if (now.UtcDateTime > certificate.NotAfter.ToUniversalTime())
        {
            return CertificateFault.Expired;
        }

        var info = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        if (!IsSelfSigned(der, info))
        {
            return CertificateFault.NotSelfSigned;
        }

        var extension = certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == ExtensionOid);
        if (extension is null)
        {
            return CertificateFault.NoPeerKey;
        }

        var (encoded, signature) = DecodeExtension(extension.RawData);
        if (!PublicKey.TryParse(encoded, out var key) || key.Kind != KeyKind.Ecdsa)
        {
            return CertificateFault.BadPeerKey;
        }

        if (!key.Verify(SignedBytes(info), signature))
        {
            return CertificateFault.BadPeerSignature;
        }

        peer = key;
        return CertificateFault.None;
    }

    /// <summary>Whether the key that the certificate holds, on P-256, signed it.</summary>
    private static bool IsSelfSigned(byte[] der, byte[] info)
    {
        var certificate = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var signed = certificate.ReadEncodedValue();
        var algorithm = certificate.ReadSequence().ReadObjectIdentifier();
        var signature = certificate.ReadBitString(out var unusedBits);
        certificate.ThrowIfNotEmpty();
        if (unusedBits != 0 || algorithm != EcdsaSha256 || !P256.TryParse(info, out var parameters))
        {
            return false;
        }

        using var key = ECDsa.Create(parameters);
        return key.VerifyData(signed.Span, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static byte[] SignedBytes(byte[] info) => [.. Encoding.ASCII.GetBytes(SignaturePrefix), .. info];

    private static byte[] EncodeExtension(ReadOnlySpan<byte> key, ReadOnlySpan<byte> signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(key);
            writer.WriteOctetString(signature);
        }

        return writer.Encode();
    }

    private static (byte[] Key, byte[] Signature) DecodeExtension(byte[] value)
    {
        var outer = new AsnReader(value, AsnEncodingRules.DER);
        var pair = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var decoded = (pair.ReadOctetString(), pair.ReadOctetString());
        pair.ThrowIfNotEmpty();
        return decoded;
    }
}

using System.Security.Cryptography;
using Wetware.Core;

namespace Wetware.Core.Identity;

/// <summary>
/// The private key that makes a process a peer: ECDSA on P-256. Its text form is PKCS#8 PEM; reading and writing files is the
/// host's. Safe to use from one thread at a time.
/// </summary>
public sealed class PeerKey : IDisposable
{
    private readonly ECDsa _key;

    private PeerKey(ECDsa key)
    {
        _key = key;
        Public = PublicKey.FromEcdsa(key);
    }

    /// <summary>The public half.</summary>
    public PublicKey Public { get; }

    /// <summary>The peer that this key makes.</summary>
    public PeerId Peer => Public.Peer;

    /// <summary>Makes a new key, with randomness from the operating system.</summary>
    public static PeerKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a key from PEM text.</summary>
    /// <exception cref="FormatException">The text is not an unencrypted P-256 private key.</exception>
    public static PeerKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            // A public key imports as well; exporting the private half is what tells them apart.
            if (key.ExportParameters(includePrivateParameters: true).Curve.Oid.Value == P256.Oid)
            {
                return new PeerKey(key);
            }
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new FormatException("not an unencrypted PEM private key: " + failure.Message, failure);
        }

        key.Dispose();
        throw new FormatException("the private key is not on the curve P-256");
    }

    /// <summary>The key as PKCS#8 PEM text. Whoever reads it is this peer.</summary>
    public string ToPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>Signs <paramref name="message"/>: ECDSA over its SHA-256, in DER, at most 72 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) =>
        _key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>
    /// The secret that only this peer and the owner of <paramref name="other"/> can compute (ECDH on P-256, then HKDF-SHA256), the
    /// same on both sides; null if the other key is not a P-256 key.
    /// </summary>
    /// <param name="other">The other peer's public key.</param>
    /// <param name="purpose">Names what the secret is for: different purposes give unrelated secrets.</param>
    public byte[]? Agree(PublicKey other, ReadOnlySpan<byte> purpose)
    {
        if (other.Kind != KeyKind.Ecdsa || !P256.TryParse(other.Data, out var parameters))
        {
            return null;
        }

        try
        {
            using var mine = ECDiffieHellman.Create(_key.ExportParameters(includePrivateParameters: true));
            using var theirs = ECDiffieHellman.Create(parameters);
            var shared = mine.DeriveRawSecretAgreement(theirs.PublicKey);
            var secret = new byte[SHA256.HashSizeInBytes];
            HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, secret, salt: [], info: purpose);
            CryptographicOperations.ZeroMemory(shared);
            return secret;
        }
        catch (CryptographicException)
        {
            // A point from outside that is not on the curve agrees with nobody.
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}

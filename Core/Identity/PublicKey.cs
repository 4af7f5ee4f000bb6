using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Wetware.Core;

namespace Wetware.Core.Identity;

/// <summary>A peer's public key in libp2p's protobuf form, and the peer id that follows from it.</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>The longest encoded key in bytes: RSA of 4,096 bits takes about 560.</summary>
    public const int BytesMax = 1024;

    private const int KindField = 1;
    private const int DataField = 2;

    private readonly byte[] _encoded;
    private readonly byte[] _data;

    private PublicKey(KeyKind kind, byte[] data)
    {
        Kind = kind;
        _data = data;
        var output = new ArrayBufferWriter<byte>(data.Length + 8);
        Protobuf.WriteVarint(output, KindField, (ulong)kind);
        Protobuf.WriteBytes(output, DataField, data);
        _encoded = output.WrittenSpan.ToArray();
        Peer = PeerId.FromPublicKey(_encoded);
    }

    /// <summary>What kind of key it is.</summary>
    public KeyKind Kind { get; }

    /// <summary>The peer that owns it.</summary>
    public PeerId Peer { get; }

    /// <summary>The protobuf form.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>The key itself: for ECDSA a SubjectPublicKeyInfo.</summary>
    public ReadOnlySpan<byte> Data => _data;

    /// <summary>Reads the protobuf form; false unless it is exactly one key in the form this class writes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        var rest = encoded;
        if (encoded.Length > BytesMax
            || !Protobuf.TryReadField(ref rest, out var first, out var kind, out _) || first != KindField
            || !Protobuf.TryReadField(ref rest, out var second, out _, out var data) || second != DataField
            || data.Length == 0
            || kind > (ulong)KeyKind.Ecdsa)
        {
            return false;
        }

        // A second form of the same key would be a second peer id for it: only the deterministic form is taken.
        var candidate = new PublicKey((KeyKind)kind, data.ToArray());
        key = candidate.Encoded.SequenceEqual(encoded) ? candidate : null;
        return key is not null;
    }

    /// <summary>Whether the owner of this key signed <paramref name="message"/> (ECDSA P-256, SHA-256, DER); false for a key of another kind.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var key = ImportEcdsa();
        return key is not null && key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) => other is not null && Encoded.SequenceEqual(other.Encoded);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Peer.GetHashCode();

    internal static PublicKey FromEcdsa(ECDsa key) => new(KeyKind.Ecdsa, key.ExportSubjectPublicKeyInfo());

    private ECDsa? ImportEcdsa()
    {
        if (Kind != KeyKind.Ecdsa || !P256.TryParse(_data, out var parameters))
        {
            return null;
        }

        try
        {
            return ECDsa.Create(parameters);
        }
        catch (CryptographicException)
        {
            // A point from outside that is not on the curve: nobody's signature verifies against it.
            return null;
        }
    }
}

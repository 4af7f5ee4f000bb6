using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Core.Identity;

/// <summary>
/// A payload that says who made it: libp2p's signed envelope (RFC 0002). The signature covers the domain, the payload type and the
/// payload, each preceded by its varint length, so bytes signed for one purpose are worthless for another.
/// Invariant: an instance from <see cref="TryOpen"/> has a signature that was checked.
/// </summary>
public sealed class Envelope
{
    private const int KeyField = 1;
    private const int TypeField = 2;
    private const int PayloadField = 3;
    private const int SignatureField = 5;

    private readonly byte[] _payload;

    private Envelope(PublicKey signer, byte[] payload)
    {
        Signer = signer;
        _payload = payload;
    }

    /// <summary>Whose key signed it.</summary>
    public PublicKey Signer { get; }

    /// <summary>What was signed.</summary>
    public ReadOnlyMemory<byte> Payload => _payload;

    /// <summary>Signs a payload and returns the envelope's bytes.</summary>
    /// <param name="key">Who signs.</param>
    /// <param name="domain">What the payload is for; not in the envelope, both sides know it.</param>
    /// <param name="payloadType">What the payload is, in bytes.</param>
    /// <param name="payload">What is signed.</param>
    public static byte[] Seal(PeerKey key, string domain, ReadOnlySpan<byte> payloadType, ReadOnlySpan<byte> payload)
    {
        var signature = key.Sign(Signed(domain, payloadType, payload));
        var output = new ArrayBufferWriter<byte>(key.Public.Encoded.Length + payload.Length + signature.Length + 32);
        Protobuf.WriteBytes(output, KeyField, key.Public.Encoded);
        Protobuf.WriteBytes(output, TypeField, payloadType);
        Protobuf.WriteBytes(output, PayloadField, payload);
        Protobuf.WriteBytes(output, SignatureField, signature);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads an envelope and checks its signature; false, with a reason, unless it is well formed, of this domain and payload type,
    /// and signed by the key that it names.
    /// </summary>
    /// <param name="bytes">At most <see cref="IdentityLimits.EnvelopeBytesMax"/> bytes.</param>
    /// <param name="domain">What the payload must be for.</param>
    /// <param name="payloadType">What the payload must be.</param>
    /// <param name="envelope">The opened envelope.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> bytes,
        string domain,
        ReadOnlySpan<byte> payloadType,
        [NotNullWhen(true)] out Envelope? envelope,
        out EnvelopeFault fault)
    {
        envelope = null;
        fault = EnvelopeFault.Malformed;
        if (bytes.Length > IdentityLimits.EnvelopeBytesMax || !TrySplit(bytes, out var encodedKey, out var type, out var payload, out var signature))
        {
            return false;
        }

        if (!PublicKey.TryParse(encodedKey, out var key))
        {
            fault = EnvelopeFault.BadKey;
            return false;
        }

        if (!type.SequenceEqual(payloadType))
        {
            fault = EnvelopeFault.OtherPayload;
            return false;
        }

        if (!key.Verify(Signed(domain, payloadType, payload), signature))
        {
            fault = EnvelopeFault.BadSignature;
            return false;
        }

        fault = EnvelopeFault.None;
        envelope = new Envelope(key, payload.ToArray());
        return true;
    }

    /// <summary>Splits an envelope without checking its signature: what a cheap test may look at before it pays for the check.</summary>
    public static bool TrySplit(
        ReadOnlySpan<byte> bytes,
        out ReadOnlySpan<byte> key,
        out ReadOnlySpan<byte> type,
        out ReadOnlySpan<byte> payload,
        out ReadOnlySpan<byte> signature)
    {
        key = type = payload = signature = default;
        for (var rest = bytes; rest.Length > 0;)
        {
            if (!Protobuf.TryReadField(ref rest, out var field, out _, out var value))
            {
                return false;
            }

            switch (field)
            {
                case KeyField:
                    key = value;
                    break;
                case TypeField:
                    type = value;
                    break;
                case PayloadField:
                    payload = value;
                    break;
                case SignatureField:
                    signature = value;
                    break;
                default:
                    return false;
            }
        }

        return key.Length > 0 && signature.Length > 0;
    }

    /// <summary>The bytes that the signature covers.</summary>
    private static byte[] Signed(string domain, ReadOnlySpan<byte> payloadType, ReadOnlySpan<byte> payload)
    {
        var domainBytes = Encoding.UTF8.GetByteCount(domain);
        var length = Varint.Length((ulong)domainBytes) + domainBytes
            + Varint.Length((ulong)payloadType.Length) + payloadType.Length
            + Varint.Length((ulong)payload.Length) + payload.Length;
        var signed = new byte[length];
        var rest = signed.AsSpan();
        rest = rest[Varint.Write(rest, (ulong)domainBytes)..];
        rest = rest[Encoding.UTF8.GetBytes(domain, rest)..];
        rest = rest[Varint.Write(rest, (ulong)payloadType.Length)..];
        payloadType.CopyTo(rest);
        rest = rest[payloadType.Length..];
        rest = rest[Varint.Write(rest, (ulong)payload.Length)..];
        payload.CopyTo(rest);
        Invariant.Check(rest.Length == payload.Length);
        return signed;
    }
}

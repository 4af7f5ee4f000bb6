using System.Security.Cryptography;

namespace Wetware.Core.Multiformats;

/// <summary>
/// The name of a piece of content: a CIDv1 (multiformats.io) of raw bytes and their SHA-256, the one that IPFS gives to a raw leaf. The
/// text is base32 in lower case. The default value names nothing.
/// </summary>
public readonly struct Cid : IEquatable<Cid>
{
    /// <summary>Bytes of the binary form: version, codec, and a multihash of 34 bytes.</summary>
    public const int Bytes = 4 + Multihash.Sha256Bytes;

    private const byte Version = 1;
    private const byte RawCodec = 0x55;
    private const char Base32Prefix = 'b';
    private const string Digits = "abcdefghijklmnopqrstuvwxyz234567";
    private const int BitsPerDigit = 5;

    private readonly byte[]? _bytes;

    private Cid(byte[] bytes) => _bytes = bytes;

    /// <summary>Whether this names nothing.</summary>
    public bool IsNone => _bytes is null;

    /// <summary>The binary form; empty where this names nothing.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    private static ReadOnlySpan<byte> Header => [Version, RawCodec, Multihash.Sha256, Multihash.Sha256Bytes];

    /// <summary>Names some content.</summary>
    public static Cid Of(ReadOnlySpan<byte> content)
    {
        var bytes = new byte[Bytes];
        Header.CopyTo(bytes);
        SHA256.HashData(content, bytes.AsSpan(Header.Length));
        return new Cid(bytes);
    }

    /// <summary>Reads the binary form; false for anything but a CIDv1 of raw bytes and a SHA-256.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out Cid cid)
    {
        var isValid = bytes.Length == Bytes && bytes.StartsWith(Header);
        cid = isValid ? new Cid(bytes.ToArray()) : default;
        return isValid;
    }

    /// <summary>Reads the text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Cid cid)
    {
        cid = default;
        if (text.Length != 1 + DigitCount || text[0] != Base32Prefix)
        {
            return false;
        }

        var bytes = new byte[Bytes];
        var (pending, bits, at) = (0, 0, 0);
        foreach (var digit in text[1..])
        {
            var value = Digits.IndexOf(digit, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            pending = (pending << BitsPerDigit) | value;
            bits += BitsPerDigit;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(pending >> bits);
                pending &= (1 << bits) - 1;
            }
        }

        return pending == 0 && TryFromBytes(bytes, out cid);
    }

    /// <inheritdoc/>
    public bool Equals(Cid other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Cid other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes is null ? 0 : BitConverter.ToInt32(_bytes, Bytes - sizeof(int));

    /// <summary>
    /// The text, such as <c>bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku</c>; empty where this names nothing.
    /// </summary>
    public override string ToString()
    {
        if (_bytes is null)
        {
            return string.Empty;
        }

        return string.Create(1 + DigitCount, _bytes, static (text, bytes) =>
        {
            text[0] = Base32Prefix;
            for (var i = 0; i < DigitCount; i++)
            {
                var bit = i * BitsPerDigit;
                var pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[(bit / 8) + 1] : 0);
                text[i + 1] = Digits[(pair >> (16 - BitsPerDigit - (bit % 8))) & 31];
            }
        });
    }

    /// <summary>Whether both name the same content.</summary>
    public static bool operator ==(Cid left, Cid right) => left.Equals(right);

    /// <summary>Whether they name different content.</summary>
    public static bool operator !=(Cid left, Cid right) => !left.Equals(right);

    private static int DigitCount => ((Bytes * 8) + BitsPerDigit - 1) / BitsPerDigit;
}

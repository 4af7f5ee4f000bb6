using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Wetware.Core.Multiformats;

namespace Wetware.Core;

/// <summary>
/// The name of a peer: the multihash of its protobuf-encoded public key, as libp2p defines it (specs/peer-ids). Keys of at
/// most 42 bytes (Ed25519) are kept whole under the identity code, longer ones (ECDSA, RSA) as their SHA-256. The text is
/// base58btc. Held inline, so it is copied and compared without allocation; the default value is nobody.
/// Invariant: the bytes past <see cref="Length"/> are zero.
/// </summary>
public readonly struct PeerId : IEquatable<PeerId>, IComparable<PeerId>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The longest id in bytes: two of header and 42 of key.</summary>
    public const int BytesMax = 44;

    /// <summary>The longest encoded key that is kept whole, in bytes.</summary>
    public const int InlineKeyBytesMax = 42;

    /// <summary>The longest text in ASCII digits.</summary>
    public const int TextMax = (BytesMax * 138 / 100) + 1;

    private readonly Block _block;

    private PeerId(ReadOnlySpan<byte> multihash)
    {
        Invariant.Check(multihash.Length is > 0 and <= BytesMax);
        var block = default(Block);
        block[0] = (byte)multihash.Length;
        multihash.CopyTo(((Span<byte>)block)[1..]);
        _block = block;
    }

    /// <summary>Nobody: the id of no peer.</summary>
    public static PeerId None => default;

    /// <summary>Whether this is nobody.</summary>
    public bool IsNone => _block[0] == 0;

    /// <summary>How many bytes the multihash has; zero for nobody.</summary>
    public int Length => _block[0];

    /// <summary>The multihash. Valid while the variable it is taken from lives.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_block).Slice(1, _block[0]);

    /// <summary>
    /// Sixty-four bits from the end of the id, which for a hashed key is uniform over keys: a short name, not proof of anything.
    /// </summary>
    public ulong Tail
    {
        get
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            last.Clear();
            var bytes = Bytes;
            var count = Math.Min(bytes.Length, last.Length);
            bytes[^count..].CopyTo(last[^count..]);
            return BinaryPrimitives.ReadUInt64BigEndian(last);
        }
    }

    /// <summary>The id of the peer that owns a public key.</summary>
    /// <param name="encodedKey">The key in libp2p's protobuf form.</param>
    public static PeerId FromPublicKey(ReadOnlySpan<byte> encodedKey)
    {
        Span<byte> multihash = stackalloc byte[BytesMax];
        if (encodedKey.Length <= InlineKeyBytesMax)
        {
            multihash[0] = Multihash.Identity;
            multihash[1] = (byte)encodedKey.Length;
            encodedKey.CopyTo(multihash[2..]);
            return new PeerId(multihash[..(2 + encodedKey.Length)]);
        }

        multihash[0] = Multihash.Sha256;
        multihash[1] = Multihash.Sha256Bytes;
        SHA256.HashData(encodedKey, multihash[2..]);
        return new PeerId(multihash[..(2 + Multihash.Sha256Bytes)]);
    }

    /// <summary>Reads the binary form; false unless it is one whole identity or SHA-256 multihash.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> multihash, out PeerId id)
    {
        id = default;
        if (multihash.Length > BytesMax || !Multihash.TryParse(multihash, out _, out _))
        {
            return false;
        }

        id = new PeerId(multihash);
        return true;
    }

    /// <summary>Reads base58btc; false if it is not the text of a peer id.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out PeerId id)
    {
        id = default;
        Span<byte> multihash = stackalloc byte[BytesMax];
        return text.Length <= TextMax
            && Base58.TryDecode(text, multihash, out var written)
            && TryFromBytes(multihash[..written], out id);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out PeerId)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out PeerId id)
    {
        id = default;
        Span<byte> ascii = stackalloc byte[TextMax];
        return text.Length <= TextMax && Encoding.UTF8.TryGetBytes(text, ascii, out var written) && TryParse(ascii[..written], out id);
    }

    /// <summary>Reads base58btc.</summary>
    /// <exception cref="FormatException">The text is not that of a peer id.</exception>
    public static PeerId Parse(string text) =>
        TryParse(text.AsSpan(), out var id) ? id : throw new FormatException($"'{text}' is not a peer id");

    /// <inheritdoc/>
    public bool Equals(PeerId other) => Equals(in other);

    /// <summary>Whether both name the same peer.</summary>
    public bool Equals(in PeerId other) => ((ReadOnlySpan<byte>)_block).SequenceEqual(other._block);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PeerId other && Equals(in other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // The tail alone would do for hashed keys; folding in the middle costs nothing and spreads the rest.
        var middle = Unsafe.ReadUnaligned<ulong>(ref Unsafe.AsRef(in _block[16]));
        return (Tail ^ (middle * 0x9E3779B97F4A7C15)).GetHashCode();
    }

    /// <summary>Orders by the bytes of the multihash.</summary>
    public int CompareTo(PeerId other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>The base58btc text; empty for nobody.</summary>
    public override string ToString()
    {
        Span<byte> ascii = stackalloc byte[Base58.DigitsMax];
        return Encoding.ASCII.GetString(ascii[..Base58.Encode(Bytes, ascii)]);
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> ascii = stackalloc byte[Base58.DigitsMax];
        var length = Base58.Encode(Bytes, ascii);
        charsWritten = 0;
        return length <= destination.Length
            && Encoding.ASCII.TryGetChars(ascii[..length], destination, out charsWritten);
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> ascii = stackalloc byte[Base58.DigitsMax];
        bytesWritten = Base58.Encode(Bytes, ascii);
        return ascii[..bytesWritten].TryCopyTo(utf8Destination);
    }

    /// <summary>Whether both name the same peer.</summary>
    public static bool operator ==(in PeerId left, in PeerId right) => left.Equals(in right);

    /// <summary>Whether the two name different peers.</summary>
    public static bool operator !=(in PeerId left, in PeerId right) => !left.Equals(in right);

    /// <summary>Orders by bytes.</summary>
    public static bool operator <(PeerId left, PeerId right) => left.CompareTo(right) < 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >(PeerId left, PeerId right) => left.CompareTo(right) > 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator <=(PeerId left, PeerId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >=(PeerId left, PeerId right) => left.CompareTo(right) >= 0;

    /// <summary>One byte of length, then the multihash.</summary>
    [InlineArray(48)]
    private struct Block
    {
        private byte _first;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Wetware.Core;

namespace Wetware.Protocol.Routing;

/// <summary>A key of one index, or every key that starts with it: an operand of a query.</summary>
public sealed class IndexKey
{
    private const int HexDigitsMax = 16;

    private static readonly SearchValues<byte> s_hexDigits = SearchValues.Create("0123456789abcdef"u8);

    private readonly byte[] _bytes;

    private IndexKey(IndexKind kind, byte[] bytes, bool prefix)
    {
        Kind = kind;
        _bytes = bytes;
        IsPrefix = prefix;
        Head = kind == IndexKind.Server ? ServerHead(bytes) : HeadOf(bytes);
        var bits = kind == IndexKind.Server ? bytes.Length * 4 : Math.Min(bytes.Length * 8, 64);
        Mask = !prefix ? ulong.MaxValue : bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
    }

    /// <summary>Which index it is a key of.</summary>
    public IndexKind Kind { get; }

    /// <summary>The key in UTF-8: base58, hexadecimal, a host name, or "key=value".</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether every key that starts with this one is meant.</summary>
    public bool IsPrefix { get; }

    /// <summary>The whole of an index: the prefix of nothing.</summary>
    internal bool IsEverything => IsPrefix && _bytes.Length == 0;

    /// <summary>The first eight bytes of the key, most significant first; of a server id, its number.</summary>
    internal ulong Head { get; }

    /// <summary>The bits of a row's head that the key decides.</summary>
    internal ulong Mask { get; }

    /// <summary>Makes a key from text.</summary>
    /// <exception cref="ArgumentException">The text cannot be a key of that index.</exception>
    public static IndexKey Create(IndexKind kind, string text, bool prefix = false) =>
        Create(kind, Encoding.UTF8.GetBytes(text), prefix);

    /// <inheritdoc cref="Create(IndexKind, string, bool)"/>
    public static IndexKey Create(IndexKind kind, ReadOnlySpan<byte> text, bool prefix = false)
    {
        if (Reject(kind, text, prefix) is { } reason)
        {
            throw new ArgumentException(reason, nameof(text));
        }

        return new IndexKey(kind, text.ToArray(), prefix);
    }

    /// <summary>Why a text cannot be a key of an index, or null if it can.</summary>
    public static string? Reject(IndexKind kind, ReadOnlySpan<byte> text, bool prefix) => kind switch
    {
        IndexKind.Peer when text.Length > PeerId.TextMax => "too long for a peer id",
        IndexKind.Server when !IsHex(text) || text.Length > HexDigitsMax => "a server id is sixteen lower-case hexadecimal digits",
        IndexKind.Server when !prefix && text.Length != HexDigitsMax => "a server id is sixteen lower-case hexadecimal digits",
        IndexKind.Host or IndexKind.Meta when text.Contains((byte)0) => "it holds a zero byte",
        IndexKind.Host or IndexKind.Meta when text.Length > QueryLimits.LabelBytesMax => $"longer than {QueryLimits.LabelBytesMax} bytes",
        IndexKind.Peer or IndexKind.Server or IndexKind.Host or IndexKind.Meta => null,
        _ => "no such index",
    };

    /// <summary>As a query would have it, for example <c>host=web</c>.</summary>
    public override string ToString()
    {
        var text = Encoding.UTF8.GetString(_bytes) + (IsPrefix ? "*" : "");
        return Kind == IndexKind.Meta ? text : string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()}={text}");
    }

    /// <summary>The first eight of any bytes as a number, most significant first, padded with zeros: it orders as they do.</summary>
    internal static ulong HeadOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(bytes);
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        bytes.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    private static ulong ServerHead(ReadOnlySpan<byte> digits)
    {
        var head = 0UL;
        foreach (var digit in digits)
        {
            head = (head << 4) | (uint)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }

        return digits.Length == 0 ? 0 : head << (4 * (HexDigitsMax - digits.Length));
    }

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(s_hexDigits);
}

using System.Text;

namespace Wetware.Capnp;

/// <summary>
/// Text in a message: UTF-8, not necessarily valid. A plain value; valid as long as its message is open. The default value is empty.
/// </summary>
public readonly struct TextReader : IPointerReader<TextReader>, IEquatable<string>
{
    private readonly byte[]? _bytes;
    private readonly int _start;
    private readonly int _length;

    internal TextReader(byte[] bytes, int start, int length)
    {
        _bytes = bytes;
        _start = start;
        _length = length;
    }

    /// <summary>The bytes, without the NUL at the end.</summary>
    public ReadOnlySpan<byte> Utf8 => _bytes is null ? default : _bytes.AsSpan(_start, _length);

    /// <summary>The bytes, without the NUL at the end, for use across await.</summary>
    public ReadOnlyMemory<byte> Memory => new(_bytes, _start, _length);

    /// <summary>Bytes, without the NUL at the end.</summary>
    public int Length => _length;

    /// <summary>Whether the text is empty.</summary>
    public bool IsEmpty => _length == 0;

    /// <inheritdoc/>
    public static TextReader Read(PointerReader pointer) => pointer.GetText();

    /// <summary>The text as a string; bytes that are no UTF-8 become U+FFFD.</summary>
    public override string ToString() => _length == 0 ? "" : Encoding.UTF8.GetString(Utf8);

    /// <summary>Whether it is this text.</summary>
    public bool Equals(string? other) => other is not null && Equals(other.AsSpan());

    /// <summary>Whether it is this text.</summary>
    public bool Equals(ReadOnlySpan<char> other)
    {
        var rest = Utf8;
        if (Encoding.UTF8.GetByteCount(other) != rest.Length)
        {
            return false;
        }

        Span<byte> chunk = stackalloc byte[256];
        while (!other.IsEmpty)
        {
            System.Text.Unicode.Utf8.FromUtf16(other, chunk, out var read, out var written,
                replaceInvalidSequences: true, isFinalBlock: true);
            if (!rest[..written].SequenceEqual(chunk[..written]))
            {
                return false;
            }

            rest = rest[written..];
            other = other[read..];
        }

        return rest.IsEmpty;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) =>
        obj is string text ? Equals(text) : obj is TextReader other && Utf8.SequenceEqual(other.Utf8);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Utf8);
        return hash.ToHashCode();
    }

    /// <summary>Whether both are the same bytes.</summary>
    public static bool operator ==(TextReader left, TextReader right) => left.Utf8.SequenceEqual(right.Utf8);

    /// <summary>Whether both differ.</summary>
    public static bool operator !=(TextReader left, TextReader right) => !(left == right);

    /// <summary>The text as a string.</summary>
    public static implicit operator string(TextReader text) => text.ToString();

    /// <summary>The text as bytes.</summary>
    public static implicit operator ReadOnlySpan<byte>(TextReader text) => text.Utf8;
}

using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Wetware.Crawler;

/// <summary>
/// Finds out how a page's text is encoded, in the order of WHATWG HTML, section 13.2.3.2: a byte order mark, the HTTP header, a meta element
/// near the start; failing those, UTF-8 if the bytes are valid UTF-8, and windows-1252 otherwise.
/// </summary>
public static class Charset
{
    /// <summary>The page's text, without a byte order mark. Bytes that mean nothing become U+FFFD.</summary>
    /// <param name="body">The page's bytes.</param>
    /// <param name="headerCharset">The charset parameter of its Content-Type, or null.</param>
    public static string Decode(ReadOnlySpan<byte> body, string? headerCharset)
    {
        if (body is [0xEF, 0xBB, 0xBF, ..])
        {
            return Encoding.UTF8.GetString(body[3..]);
        }

        if (body is [0xFF, 0xFE, ..])
        {
            return Encoding.Unicode.GetString(body[2..]);
        }

        if (body is [0xFE, 0xFF, ..])
        {
            return Encoding.BigEndianUnicode.GetString(body[2..]);
        }

        if (TryFind(headerCharset, out var encoding) || TryPrescan(body, out encoding))
        {
            return encoding.GetString(body);
        }

        return System.Text.Unicode.Utf8.IsValid(body) ? Encoding.UTF8.GetString(body) : Windows1252().GetString(body);
    }

    /// <summary>The encoding that a label names, if there is one that text is read with.</summary>
    public static bool TryFind(string? label, [NotNullWhen(true)] out Encoding? encoding)
    {
        encoding = null;
        var name = label?.Trim(' ', '\t', '\r', '\n', '\f', '"', '\'').ToLowerInvariant();
        switch (name)
        {
            case null or "" or { Length: > 40 }:
                return false;
            case "utf-8" or "utf8" or "unicode-1-1-utf-8":
                encoding = Encoding.UTF8;
                return true;
            case "iso-8859-1" or "latin1" or "ascii" or "us-ascii" or "iso8859-1" or "l1" or "cp1252" or "windows-1252":
                // Pages that say so mean windows-1252 (WHATWG Encoding, section 4.2).
                encoding = Windows1252();
                return true;
            case "utf-7" or "utf-32" or "utf-32le" or "utf-32be":
                return false;
            default:
                return TryGet(name, out encoding);
        }
    }

    private static bool TryGet(string name, [NotNullWhen(true)] out Encoding? encoding)
    {
        try
        {
            encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
            return true;
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            encoding = null;
            return false;
        }
    }

    private static Encoding Windows1252() => CodePagesEncodingProvider.Instance.GetEncoding(1252) ?? Encoding.Latin1;

    private static bool TryPrescan(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Encoding? encoding)
    {
        // Every encoding that a meta element can announce spells ASCII as ASCII.
        var head = Encoding.Latin1.GetString(body[..Math.Min(body.Length, Limits.CharsetPrescanBytes)]).AsSpan();
        var scanner = new HtmlScanner(head);
        while (scanner.MoveNext())
        {
            if (!head[scanner.Tag.Name].Equals("meta", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var label = scanner.Tag.Charset is { } direct
                ? head[direct].ToString()
                : scanner.Tag is { HttpEquiv: { } equiv, Content: { } content } && head[equiv].Equals("content-type", StringComparison.OrdinalIgnoreCase)
                    ? ContentType.CharsetOf(head[content])
                    : null;
            if (TryFind(label, out encoding))
            {
                // Had it been UTF-16, the meta element could not have been read.
                encoding = encoding is UnicodeEncoding ? Encoding.UTF8 : encoding;
                return true;
            }
        }

        encoding = null;
        return false;
    }
}

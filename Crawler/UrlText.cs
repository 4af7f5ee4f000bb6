using System.Buffers;
using System.Text;

namespace Wetware.Crawler;

/// <summary>The steps that take a URL's text to its canonical spelling.</summary>
internal static class UrlText
{
    private const string Hex = "0123456789ABCDEF";

    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._[]:");

    // What may stand bare in a path or query; everything else is escaped.
    private static readonly SearchValues<char> Bare =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?");

    /// <summary>Without the white space around it, and without the tabs and line ends within (WHATWG URL, section 4.4).</summary>
    public static string Clean(string text)
    {
        var trimmed = text.AsSpan().Trim(" \t\r\n\f\0");
        if (trimmed.IndexOfAny('\t', '\r', '\n') < 0)
        {
            return trimmed.Length == text.Length ? text : trimmed.ToString();
        }

        var clean = new StringBuilder(trimmed.Length);
        foreach (var character in trimmed)
        {
            if (character is not ('\t' or '\r' or '\n'))
            {
                clean.Append(character);
            }
        }

        return clean.ToString();
    }

    /// <summary>Whether a host that the parser let through is one that can be asked: not empty, ASCII, no escapes, no empty label.</summary>
    public static bool IsHost(string host) =>
        host.Length is > 0 and <= 255 && !host.AsSpan().ContainsAnyExcept(HostCharacters) && host[0] != '.' && !host.Contains("..", StringComparison.Ordinal);

    /// <summary>Escapes in upper case, bare where the character is unreserved (RFC 3986, section 6.2.2); a percent sign that escapes nothing is itself escaped.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '%')
            {
                i += AppendEscape(result, text.AsSpan(i));
            }
            else if (Bare.Contains(character))
            {
                result.Append(character);
            }
            else
            {
                Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var consumed);
                foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)])
                {
                    AppendOctet(result, octet);
                }

                i += consumed - 1;
            }
        }

        return result.ToString();
    }

    /// <summary>RFC 3986, section 5.2.4, for a path that is absolute; done after unescaping, since %2E is a dot too.</summary>
    public static string WithoutDotSegments(string path)
    {
        if (path.Length == 0)
        {
            return "/";
        }

        if (!path.Contains("/.", StringComparison.Ordinal))
        {
            return path;
        }

        var kept = new List<string>();
        var segments = path[1..].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var last = i == segments.Length - 1;
            switch (segments[i])
            {
                case ".":
                    break;
                case "..":
                    if (kept.Count > 0)
                    {
                        kept.RemoveAt(kept.Count - 1);
                    }

                    break;
                default:
                    kept.Add(segments[i]);
                    continue;
            }

            if (last)
            {
                kept.Add("");
            }
        }

        return "/" + string.Join('/', kept);
    }

    /// <summary>Parameters by name, those of one name in the order they came; without empty ones.</summary>
    public static string OrderQuery(string query) =>
        query.Length == 0
            ? query
            : string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries).OrderBy(NameOf, StringComparer.Ordinal));

    private static string NameOf(string parameter)
    {
        var equals = parameter.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? parameter : parameter[..equals];
    }

    /// <summary>Returns how many characters after the percent sign were taken.</summary>
    private static int AppendEscape(StringBuilder result, ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
        {
            result.Append("%25");
            return 0;
        }

        var octet = (byte)((Convert.ToInt32(text[1..2].ToString(), 16) << 4) | Convert.ToInt32(text[2..3].ToString(), 16));
        if (octet < 0x80 && Unreserved.Contains((char)octet))
        {
            result.Append((char)octet);
        }
        else
        {
            AppendOctet(result, octet);
        }

        return 2;
    }

    private static void AppendOctet(StringBuilder result, byte octet) =>
        result.Append('%').Append(Hex[octet >> 4]).Append(Hex[octet & 15]);
}

using System.Buffers;

namespace Wetware.Crawler;

/// <summary>Reads the content of a meta refresh: "5; url=next.html" (WHATWG HTML, shared declarative refresh steps).</summary>
internal static class MetaRefresh
{
    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");

    /// <summary>The reference it names, or null if it only reloads.</summary>
    public static string? Target(ReadOnlySpan<char> content)
    {
        var text = content.TrimStart();
        var digits = text.IndexOfAnyExcept(Number);
        if (digits <= 0)
        {
            return null;
        }

        text = text[digits..].TrimStart();
        if (text.IsEmpty || text[0] is not (';' or ','))
        {
            return null;
        }

        text = text[1..].TrimStart();
        if (text.StartsWith("url", StringComparison.OrdinalIgnoreCase) && text[3..].TrimStart() is ['=', .. var value])
        {
            text = value.TrimStart();
        }

        if (text is ['"' or '\'', ..])
        {
            var quote = text[0];
            text = text[1..];
            var end = text.IndexOf(quote);
            text = end < 0 ? text : text[..end];
        }

        return text.IsEmpty ? null : text.ToString();
    }
}

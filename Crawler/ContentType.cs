namespace Wetware.Crawler;

/// <summary>The parts of a Content-Type that matter to a crawler.</summary>
public static class ContentType
{
    /// <summary>The type in lower case without parameters: "text/html". Empty if there is none.</summary>
    public static string MediaTypeOf(string? header)
    {
        if (header is null)
        {
            return "";
        }

        var end = header.IndexOf(';', StringComparison.Ordinal);
        return TextCut.At((end < 0 ? header : header[..end]).Trim().ToLowerInvariant(), Limits.TextCharactersMax);
    }

    /// <summary>The charset parameter, or null.</summary>
    public static string? CharsetOf(ReadOnlySpan<char> header)
    {
        foreach (var range in header.Split(';'))
        {
            var part = header[range].Trim();
            if (part.StartsWith("charset", StringComparison.OrdinalIgnoreCase) && part[7..].TrimStart() is ['=', .. var value])
            {
                return value.Trim().Trim("\"'").ToString();
            }
        }

        return null;
    }

    /// <summary>Whether pages of this type hold links.</summary>
    public static bool IsHtml(string mediaType) => mediaType is "text/html" or "application/xhtml+xml";
}

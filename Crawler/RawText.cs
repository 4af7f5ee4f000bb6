namespace Wetware.Crawler;

/// <summary>Where the content of elements ends in which a tag is no tag (WHATWG HTML, sections 13.2.5.2 to 13.2.5.31).</summary>
internal static class RawText
{
    private static readonly string[] Names =
        ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"];

    public static bool IsOne(ReadOnlySpan<char> name)
    {
        foreach (var known in Names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The length of the content of an element of this name that begins at the start of <paramref name="text"/>.</summary>
    public static int EndOf(ReadOnlySpan<char> text, ReadOnlySpan<char> name)
    {
        if (name.Equals("plaintext", StringComparison.OrdinalIgnoreCase))
        {
            return text.Length;
        }

        return name.Equals("script", StringComparison.OrdinalIgnoreCase) ? EndOfScript(text) : EndOfElement(text, name);
    }

    private static int EndOfElement(ReadOnlySpan<char> text, ReadOnlySpan<char> name)
    {
        for (var at = 0; ; at += 2)
        {
            var next = text[at..].IndexOf("</");
            if (next < 0)
            {
                return text.Length;
            }

            at += next;
            if (NamesTag(text[(at + 2)..], name))
            {
                return at;
            }
        }
    }

    /// <summary>Inside a comment of a script, a script element may open and close without ending the outer one.</summary>
    private static int EndOfScript(ReadOnlySpan<char> text)
    {
        var inComment = false;
        var inInner = false;
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny('<', '-');
            if (next < 0)
            {
                break;
            }

            at += next;
            var rest = text[at..];
            if (rest.StartsWith("-->"))
            {
                inComment = false;
                inInner = false;
            }
            else if (rest.StartsWith("<!--"))
            {
                // "<!-->" opens and closes at once; its dashes are looked at again as an end.
                inComment = true;
                at++;
            }
            else if (rest.StartsWith("</") && NamesTag(rest[2..], "script"))
            {
                if (!inInner)
                {
                    return at;
                }

                inInner = false;
            }
            else if (inComment && rest.StartsWith("<") && NamesTag(rest[1..], "script"))
            {
                inInner = true;
            }
        }

        return text.Length;
    }

    private static bool NamesTag(ReadOnlySpan<char> text, ReadOnlySpan<char> name) =>
        text.Length > name.Length
        && text[..name.Length].Equals(name, StringComparison.OrdinalIgnoreCase)
        && (text[name.Length] is ' ' or '\t' or '\n' or '\f' or '\r' or '/' or '>');
}

namespace Wetware.Crawler;

/// <summary>A start tag: where its name stands in the text, and where the values of the attributes that matter to a crawler stand.</summary>
internal struct HtmlTag
{
    public Range Name;
    public Range? Href;
    public Range? Src;
    public Range? Rel;
    public Range? Content;
    public Range? MetaName;
    public Range? HttpEquiv;
    public Range? Charset;

    /// <summary>Records an attribute, the first of its name only.</summary>
    public void Set(ReadOnlySpan<char> name, Range value)
    {
        if (Is(name, "href"))
        {
            Href ??= value;
        }
        else if (Is(name, "src"))
        {
            Src ??= value;
        }
        else if (Is(name, "rel"))
        {
            Rel ??= value;
        }
        else if (Is(name, "content"))
        {
            Content ??= value;
        }
        else if (Is(name, "name"))
        {
            MetaName ??= value;
        }
        else if (Is(name, "http-equiv"))
        {
            HttpEquiv ??= value;
        }
        else if (Is(name, "charset"))
        {
            Charset ??= value;
        }
    }

    private static bool Is(ReadOnlySpan<char> name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);
}

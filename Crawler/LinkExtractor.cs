using System.Net;
using System.Text;

namespace Wetware.Crawler;

/// <summary>
/// Takes from an HTML page what leads on: a, area, frame and iframe, link rel=canonical, and meta refresh, against the page's base; and
/// what the page asks of crawlers: meta robots, rel=nofollow.
/// </summary>
public static class LinkExtractor
{
    /// <summary>Reads a page.</summary>
    /// <param name="html">The decoded text.</param>
    /// <param name="url">Where it was found, after redirects.</param>
    /// <param name="productToken">The crawler's name; a meta element of that name speaks to it alone.</param>
    public static PageLinks Extract(ReadOnlySpan<char> html, CanonicalUrl url, string productToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        var page = new Reading(productToken);
        var scanner = new HtmlScanner(html);
        for (var tags = 0; tags < Limits.ElementsPerPageMax && scanner.MoveNext(); tags++)
        {
            page.Read(html, scanner);
        }

        var links = page.NoFollow ? [] : Resolve(page, url);
        return new PageLinks(links, page.Title, page.NoIndex, page.NoFollow);
    }

    /// <summary>What an X-Robots-Tag header or the content of a meta robots element asks for.</summary>
    public static (bool NoIndex, bool NoFollow) ReadDirectives(ReadOnlySpan<char> text)
    {
        var noIndex = false;
        var noFollow = false;
        foreach (var range in text.Split(','))
        {
            var directive = text[range].Trim();
            var none = directive.Equals("none", StringComparison.OrdinalIgnoreCase);
            noIndex |= none || directive.Equals("noindex", StringComparison.OrdinalIgnoreCase);
            noFollow |= none || directive.Equals("nofollow", StringComparison.OrdinalIgnoreCase);
        }

        return (noIndex, noFollow);
    }

    private static List<CanonicalUrl> Resolve(Reading page, CanonicalUrl url)
    {
        var origin = page.Base is not null && CanonicalUrl.TryResolve(url, page.Base, out var resolved) ? resolved : url;
        var links = new List<CanonicalUrl>();
        var seen = new HashSet<CanonicalUrl>();
        foreach (var reference in page.References)
        {
            if (CanonicalUrl.TryResolve(origin, reference, out var link) && seen.Add(link))
            {
                links.Add(link);
                if (links.Count == Limits.LinksPerPageMax)
                {
                    break;
                }
            }
        }

        return links;
    }

    private sealed class Reading(string productToken)
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private bool _titled;

        public List<string> References { get; } = [];

        public string? Base { get; private set; }

        public string Title { get; private set; } = "";

        public bool NoIndex { get; private set; }

        public bool NoFollow { get; private set; }

        public void Read(ReadOnlySpan<char> html, in HtmlScanner scanner)
        {
            var tag = scanner.Tag;
            var name = html[tag.Name];
            switch (name.Length)
            {
                case 1 when Is(name, "a"):
                case 4 when Is(name, "area"):
                    if (!HasToken(Raw(html, tag.Rel), "nofollow"))
                    {
                        Add(html, tag.Href);
                    }

                    break;
                case 4 when Is(name, "link"):
                    if (HasToken(Raw(html, tag.Rel), "canonical"))
                    {
                        Add(html, tag.Href);
                    }

                    break;
                case 4 when Is(name, "base"):
                    Base ??= Value(html, tag.Href);
                    break;
                case 4 when Is(name, "meta"):
                    ReadMeta(html, tag);
                    break;
                case 5 when Is(name, "frame"):
                case 6 when Is(name, "iframe"):
                    Add(html, tag.Src);
                    break;
                case 5 when Is(name, "title") && !_titled:
                    _titled = true;
                    Title = Fold(scanner.TextContent());
                    break;
                default:
                    break;
            }
        }

        private static bool Is(ReadOnlySpan<char> name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);

        private static ReadOnlySpan<char> Raw(ReadOnlySpan<char> html, Range? value) => value is { } range ? html[range] : default;

        private static string? Value(ReadOnlySpan<char> html, Range? value)
        {
            if (value is not { } range)
            {
                return null;
            }

            var raw = html[range];
            // An escaped character is longer than itself; far longer values are no URL that is accepted.
            return raw.Length > Limits.UrlCharactersMax * 2 ? null : WebUtility.HtmlDecode(raw.ToString());
        }

        private static bool HasToken(ReadOnlySpan<char> list, string token)
        {
            foreach (var range in list.SplitAny(" \t\r\n\f"))
            {
                if (list[range].Equals(token, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }

        private static string Fold(ReadOnlySpan<char> raw)
        {
            var text = WebUtility.HtmlDecode(raw[..Math.Min(raw.Length, Limits.TitleCharactersMax * 4)].ToString());
            var folded = new StringBuilder();
            foreach (var range in text.AsSpan().SplitAny(" \t\r\n\f"))
            {
                var word = text.AsSpan()[range];
                if (!word.IsEmpty && folded.Length < Limits.TitleCharactersMax)
                {
                    folded.Append(folded.Length == 0 ? "" : " ").Append(word);
                }
            }

            return TextCut.At(folded.ToString(), Limits.TitleCharactersMax);
        }

        private void ReadMeta(ReadOnlySpan<char> html, in HtmlTag tag)
        {
            var name = Raw(html, tag.MetaName);
            if (Is(name, "robots") || Is(name, productToken))
            {
                var (noIndex, noFollow) = ReadDirectives(Raw(html, tag.Content));
                NoIndex |= noIndex;
                NoFollow |= noFollow;
            }
            else if (Is(Raw(html, tag.HttpEquiv), "refresh") && Value(html, tag.Content) is { } content)
            {
                Add(MetaRefresh.Target(content));
            }
        }

        private void Add(ReadOnlySpan<char> html, Range? value) => Add(Value(html, value));

        private void Add(string? reference)
        {
            // References that only differ in spelling are folded later; the bound leaves room for them.
            if (reference is not null && References.Count < Limits.LinksPerPageMax * 4 && _seen.Add(reference))
            {
                References.Add(reference);
            }
        }
    }
}

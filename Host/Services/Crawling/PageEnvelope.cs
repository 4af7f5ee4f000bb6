using System.Globalization;
using System.Text;
using Wetware.Crawler;

namespace Wetware.Host.Services.Crawling;

/// <summary>A page as the program of a crawl reads it: lines "name: value", an empty line, and the body as it came. See docs/items.md.</summary>
internal static class PageEnvelope
{
    public static byte[] Encode(UrlTask task, Visit visit)
    {
        var head = new StringBuilder();
        Add("url", task.Url.Text);
        Add("final-url", visit.FinalUrl.Text);
        Add("status", visit.Status.ToString(CultureInfo.InvariantCulture));
        Add("content-type", visit.ContentType ?? string.Empty);
        Add("depth", task.Depth.ToString(CultureInfo.InvariantCulture));
        Add("fetched-at", visit.FetchedAt.ToString(CultureInfo.InvariantCulture));
        Add("length", visit.Body.Length.ToString(CultureInfo.InvariantCulture));
        return [.. Encoding.UTF8.GetBytes(head.Append('\n').ToString()), .. visit.Body.Span];

        // A server must not be able to add lines.
        void Add(string name, string value) => head.Append(name).Append(": ").Append(value.ReplaceLineEndings(" ")).Append('\n');
    }
}

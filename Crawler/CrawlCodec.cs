using System.Diagnostics.CodeAnalysis;
using Wetware.Capnp;
using Wire = Wetware.Protocol.Crawls.Generated;

namespace Wetware.Crawler;

/// <summary>Turns the URLs that a crawl keeps in its topic into bytes and back: <c>crawl.capnp</c>.</summary>
public static class CrawlCodec
{
    /// <summary>Encodes a URL task.</summary>
    public static byte[] Encode(UrlTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        using var message = new MessageBuilder();
        var wire = message.InitRoot<Wire.UrlTask.Builder>();
        wire.SetUrl(task.Url.Text);
        wire.Depth = task.Depth;
        wire.SetReferrer(task.Referrer);
        return message.ToArray();
    }

    /// <summary>Decodes a URL task. False for bytes that are none, or whose URL is not canonical.</summary>
    public static bool TryDecodeTask(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out UrlTask? task)
    {
        task = null;
        using var message = new MessageReader();
        try
        {
            message.Open(bytes);
            var wire = message.GetRoot<Wire.UrlTask.Reader>();
            var text = wire.Url.ToString();
            if (!CanonicalUrl.TryParse(text, out var url) || url.Text != text)
            {
                return false;
            }

            task = new UrlTask(url, wire.Depth, wire.Referrer.ToString());
            return true;
        }
        catch (DecodeException)
        {
            return false;
        }
    }
}

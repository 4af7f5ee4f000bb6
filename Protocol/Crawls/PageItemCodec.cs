using System.Diagnostics.CodeAnalysis;
using Wetware.Capnp;

namespace Wetware.Protocol.Crawls;

/// <summary>Turns the results that a crawl keeps in its topic into bytes and back: <c>crawl.capnp</c>.</summary>
public static class PageItemCodec
{
    /// <summary>Encodes a page item.</summary>
    public static byte[] Encode(PageItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        using var message = new MessageBuilder();
        var wire = message.InitRoot<Generated.PageItem.Builder>();
        wire.SetUrl(item.Url);
        wire.SetFinalUrl(item.FinalUrl);
        wire.Outcome = (Generated.PageItem.Outcome)item.Outcome;
        wire.Status = (ushort)item.Status;
        wire.Depth = item.Depth;
        wire.Redirects = (ushort)item.Redirects;
        wire.Attempts = item.Attempts;
        wire.SetTitle(item.Title);
        wire.SetContentType(item.ContentType);
        wire.Length = item.Length;
        wire.SetContentHash(item.ContentHash.Span);
        wire.Links = item.Links;
        wire.FetchedAt = item.FetchedAt;
        wire.Elapsed = item.ElapsedMilliseconds;
        wire.SetError(item.Error);
        wire.SetReferrer(item.Referrer);
        wire.NoIndex = item.NoIndex;
        wire.SetExtracted(item.Extracted);
        wire.SetExtractError(item.ExtractError);
        return message.ToArray();
    }

    /// <summary>Decodes a page item. False for bytes that are none.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out PageItem? item)
    {
        item = null;
        using var message = new MessageReader();
        try
        {
            message.Open(bytes);
            item = Read(message.GetRoot<Generated.PageItem.Reader>());
            return true;
        }
        catch (DecodeException)
        {
            return false;
        }
    }

    private static PageItem Read(Generated.PageItem.Reader wire) => new()
    {
        Url = wire.Url.ToString(),
        FinalUrl = wire.FinalUrl.ToString(),
        Outcome = (PageOutcome)wire.Outcome,
        Status = wire.Status,
        Depth = wire.Depth,
        Redirects = wire.Redirects,
        Attempts = wire.Attempts,
        Title = wire.Title.ToString(),
        ContentType = wire.ContentType.ToString(),
        Length = wire.Length,
        ContentHash = wire.ContentHash.ToArray(),
        Links = wire.Links,
        FetchedAt = wire.FetchedAt,
        ElapsedMilliseconds = wire.Elapsed,
        Error = wire.Error.ToString(),
        Referrer = wire.Referrer.ToString(),
        NoIndex = wire.NoIndex,
        Extracted = wire.Extracted.ToString(),
        ExtractError = wire.ExtractError.ToString(),
    };
}

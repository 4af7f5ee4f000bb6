using Wetware.Capnp;
using Wetware.Core.Multiformats;
using Wetware.Crawler;
using Wetware.Host.Client;
using TextReader = Wetware.Capnp.TextReader;
using Wire = Wetware.Host.Protocol;

namespace Wetware.Host.Crawling;

/// <summary>A crawl's specification, on the wire and in its topic.</summary>
internal static class CrawlSpecCodec
{
    public static byte[] Encode(CrawlRequest request)
    {
        using var message = new MessageBuilder();
        Write(message.InitRoot<Wire.CrawlSpec.Builder>(), request);
        return message.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; null for anything else.</summary>
    public static CrawlRequest? Decode(ReadOnlyMemory<byte> bytes)
    {
        using var message = new MessageReader();
        try
        {
            message.Open(bytes);
            return Read(message.GetRoot<Wire.CrawlSpec.Reader>());
        }
        catch (DecodeException)
        {
            return null;
        }
    }

    public static void Write(Wire.CrawlSpec.Builder wire, CrawlRequest request)
    {
        Write(wire.InitSeeds(request.Seeds.Count), request.Seeds);
        Write(wire.InitHosts(request.Hosts.Count), request.Hosts);
        wire.DepthMax = request.DepthMax;
        wire.PagesMax = request.PagesMax;
        wire.WorkersPerNode = request.WorkersPerNode;
        wire.IgnoreRobots = request.IgnoreRobots;
        wire.DelayMilliseconds = (uint)request.Delay.TotalMilliseconds;
        wire.SetRom(request.RomId.Span);
        var pieces = wire.InitRomPieces(request.RomPieces.Count);
        for (var i = 0; i < pieces.Count; i++)
        {
            pieces[i] = request.RomPieces[i];
        }
    }

    public static CrawlRequest Read(Wire.CrawlSpec.Reader wire) => new(Texts(wire.Seeds))
    {
        Hosts = Texts(wire.Hosts),
        DepthMax = wire.DepthMax,
        PagesMax = wire.PagesMax,
        WorkersPerNode = wire.WorkersPerNode,
        IgnoreRobots = wire.IgnoreRobots,
        Delay = TimeSpan.FromMilliseconds(wire.DelayMilliseconds),
        RomId = Cid.TryFromBytes(wire.Rom.Span, out var rom) ? rom : default,
        RomPieces = Numbers(wire.RomPieces),
    };

    /// <summary>Its start pages, canonical.</summary>
    /// <exception cref="ArgumentException">One is no URL that can be crawled.</exception>
    public static IReadOnlyList<CanonicalUrl> Seeds(CrawlRequest request) =>
        [.. request.Seeds.Select(seed => CanonicalUrl.TryParse(seed, out var url) ? url : throw new ArgumentException($"'{seed}' is no http or https URL", nameof(request)))];

    /// <summary>Why a request cannot be carried out; null if it can.</summary>
    public static string? Reject(CrawlRequest request)
    {
        try
        {
            _ = new CrawlScope(Seeds(request), request.Hosts, request.DepthMax);
        }
        catch (ArgumentException failure)
        {
            return failure.Message.Split(" (Parameter")[0];
        }

        return request.Seeds.Count is 0 or > Limits.CrawlSeedsMax ? $"a crawl has 1 to {Limits.CrawlSeedsMax} start pages"
            : request.WorkersPerNode is 0 or > Limits.CrawlWorkersMax ? $"a node fetches 1 to {Limits.CrawlWorkersMax} pages at a time"
            : null;
    }

    private static ulong[] Numbers(ScalarListReader<ulong> wire)
    {
        var numbers = new ulong[wire.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = wire[i];
        }

        return numbers;
    }

    public static string[] Texts(PointerListReader<TextReader> wire)
    {
        var texts = new string[wire.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = wire[i].ToString();
        }

        return texts;
    }

    public static void Write(PointerListBuilder<TextBuilder> wire, IReadOnlyList<string> texts)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            wire.SetText(i, texts[i]);
        }
    }
}

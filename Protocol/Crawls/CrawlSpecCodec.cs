using Wetware.Capnp;
using Wetware.Core.Multiformats;

namespace Wetware.Protocol.Crawls;

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
        TextList.Write(wire.InitSeeds(request.Seeds.Count), request.Seeds);
        TextList.Write(wire.InitHosts(request.Hosts.Count), request.Hosts);
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

    public static CrawlRequest Read(Wire.CrawlSpec.Reader wire) => new(TextList.Read(wire.Seeds))
    {
        Hosts = TextList.Read(wire.Hosts),
        DepthMax = wire.DepthMax,
        PagesMax = wire.PagesMax,
        WorkersPerNode = wire.WorkersPerNode,
        IgnoreRobots = wire.IgnoreRobots,
        Delay = TimeSpan.FromMilliseconds(wire.DelayMilliseconds),
        RomId = Cid.TryFromBytes(wire.Rom.Span, out var rom) ? rom : default,
        RomPieces = Numbers(wire.RomPieces),
    };

    private static ulong[] Numbers(ScalarListReader<ulong> wire)
    {
        var numbers = new ulong[wire.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = wire[i];
        }

        return numbers;
    }
}

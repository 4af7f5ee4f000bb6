using Wetware.Core.Multiformats;

namespace Wetware.Protocol.Crawls;

/// <summary>What to crawl.</summary>
/// <param name="Seeds">Where to start; their hosts are in scope.</param>
public sealed record CrawlRequest(IReadOnlyList<string> Seeds)
{
    /// <summary>Further hosts in scope.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>How many links a page may be away from a seed.</summary>
    public uint DepthMax { get; init; } = uint.MaxValue;

    /// <summary>How many distinct URLs are fetched at the most; 0 for no limit.</summary>
    public ulong PagesMax { get; init; }

    /// <summary>Pages that each node fetches at a time; at least 1.</summary>
    public uint WorkersPerNode { get; init; } = 8;

    /// <summary>Whether robots.txt is disregarded: only for sites of one's own.</summary>
    public bool IgnoreRobots { get; init; }

    /// <summary>A program that makes an item of each page, as docs/items.md describes; none if empty. A request that was read back has none.</summary>
    public ReadOnlyMemory<byte> Rom { get; init; }

    /// <summary>The content id of the program, by which the cluster keeps it.</summary>
    internal Cid RomId { get; init; }

    /// <summary>The offsets of its pieces in the topic of programs.</summary>
    internal IReadOnlyList<ulong> RomPieces { get; init; } = [];

    /// <summary>Pause between two requests of one node to one host, unless robots.txt asks for more.</summary>
    public TimeSpan Delay { get; init; }
}

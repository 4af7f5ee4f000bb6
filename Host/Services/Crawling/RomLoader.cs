using Wetware.Crawler.Fetch;
using Wetware.Host.Services.Processes;
using Wetware.Protocol.Crawls;
using Wetware.Rpc;

namespace Wetware.Host.Services.Crawling;

/// <summary>Gets the programs of crawls out of the replicated state, and ready to run.</summary>
internal sealed class RomLoader(CrawlBook book, BytecodeStore bytecode, ProcessTable table, TimeSpan timeMax)
{
    /// <summary>What makes items of pages, with a program; null for a crawl without one.</summary>
    public async Task<IItemProcessor?> LoadAsync(CrawlRequest request)
    {
        var cid = request.RomId;
        if (cid.IsNone)
        {
            return null;
        }

        if (await book.RomAsync(cid, request.RomPieces).ConfigureAwait(false) is not { } rom)
        {
            return new NoProcessor($"the program {cid} is lost");
        }

        try
        {
            return new RomProcessor(table, cid, await bytecode.LoadProgramAsync(cid, rom).ConfigureAwait(false), timeMax);
        }
        catch (RpcException refused)
        {
            return new NoProcessor(refused.Message);
        }
    }
}

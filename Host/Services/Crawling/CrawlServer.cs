using Wetware.Capnp;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Crawler.Fetch;
using Wetware.Host.Consensus;
using Wetware.Host.Services.Processes;
using Wetware.Protocol;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using CrawlStatus = Wetware.Protocol.Crawls.CrawlStatus;

namespace Wetware.Host.Services.Crawling;

/// <summary>Crawls as clients see them.</summary>
internal sealed class CrawlServer(CrawlBook book, BytecodeStore bytecode) : CrawlService.IServer
{
    public ValueTask StartAsync(CallContext<CrawlService.StartParams.Reader, CrawlService.StartResults.Builder> call) => Guarded(async () =>
    {
        var request = CrawlSpecCodec.Read(call.Params.Spec) with { RomId = default, RomPieces = [] };
        if (CrawlRequests.Reject(request) is { } reason)
        {
            throw new RpcException(reason);
        }

        if (call.Params.Rom.Span.Length > 0)
        {
            request = await WithRomAsync(request, call.Params.Rom.ToArray(), call.Cancellation).ConfigureAwait(false);
        }

        call.Results.Id = await book.StartAsync(request, call.Cancellation).ConfigureAwait(false);
    });

    public ValueTask StatusAsync(CallContext<CrawlService.StatusParams.Reader, CrawlService.StatusResults.Builder> call) => Guarded(async () =>
    {
        var id = call.Params.Id;
        var request = await FindAsync(id).ConfigureAwait(false);
        Write(call.Results.InitStatus(), await book.StatusAsync(id, request, isLinear: true).ConfigureAwait(false));
    });

    public ValueTask ListAsync(CallContext<CrawlService.ListParams.Reader, CrawlService.ListResults.Builder> call) => Guarded(async () =>
    {
        var crawls = await book.SpecsAsync(1, isLinear: true).ConfigureAwait(false);
        var wire = call.Results.InitCrawls(crawls.Count);
        for (var i = 0; i < crawls.Count; i++)
        {
            Write(wire[i], await book.StatusAsync(crawls[i].Id, crawls[i].Request, isLinear: false).ConfigureAwait(false));
        }
    });

    public ValueTask CancelAsync(CallContext<CrawlService.CancelParams.Reader, CrawlService.CancelResults.Builder> call) => Guarded(async () =>
    {
        await FindAsync(call.Params.Id).ConfigureAwait(false);
        await book.CancelAsync(call.Params.Id, call.Cancellation).ConfigureAwait(false);
    });

    public ValueTask ResultsAsync(CallContext<CrawlService.ResultsParams.Reader, CrawlService.ResultsResults.Builder> call) => Guarded(async () =>
    {
        var (id, next) = (call.Params.Id, call.Params.From);
        using var handler = call.Params.Handler.AddRef();
        await FindAsync(id).ConfigureAwait(false);
        while (!call.Untyped.IsCanceled)
        {
            var page = await book.ResultsAsync(id, next).ConfigureAwait(false);
            foreach (var entry in page.Entries)
            {
                await handler.RecvAsync(entry.Offset, entry.Payload.Span).ConfigureAwait(false);
            }

            if (page.Entries.Count == 0)
            {
                break;
            }

            next = page.Next;
        }

        // The return tells the client that it has seen all.
        await handler.Capability.WhenStreamIdleAsync().ConfigureAwait(false);
        call.Results.Next = next;
    });

    private async Task<CrawlRequest> WithRomAsync(CrawlRequest request, byte[] rom, CancellationToken cancellation)
    {
        if (rom.Length > Limits.CrawlRomBytesMax)
        {
            throw new RpcException($"the program of a crawl has at most {Limits.CrawlRomBytesMax} bytes");
        }

        var cid = Cid.Of(rom);
        await bytecode.LoadProgramAsync(cid, rom).ConfigureAwait(false);
        return request with { RomId = cid, RomPieces = await book.PutRomAsync(rom, cancellation).ConfigureAwait(false) };
    }

    private static async ValueTask Guarded(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (WetwareException failure)
        {
            throw new RpcException(RpcErrorType.Overloaded, failure.Message);
        }
        catch (DecodeException failure)
        {
            throw new RpcException(failure.Message);
        }
    }

    private static void Write(Protocol.Wire.CrawlStatus.Builder wire, CrawlStatus status)
    {
        wire.Id = status.Id;
        TextList.Write(wire.InitSeeds(status.Seeds.Count), status.Seeds);
        wire.State = (Protocol.Wire.CrawlStatus.State)status.State;
        wire.Waiting = status.Waiting;
        wire.Leased = status.Leased;
        wire.Found = status.Found;
        wire.Results = status.Results;
        wire.Duplicates = status.Duplicates;
        wire.Retries = status.Retries;
    }

    private async Task<CrawlRequest> FindAsync(ulong id)
    {
        if (id > 0)
        {
            var found = await book.SpecsAsync(id, isLinear: true).ConfigureAwait(false);
            if (found.Count > 0 && found[0].Id == id)
            {
                return found[0].Request;
            }
        }

        throw new RpcException($"there is no crawl {id}");
    }
}

using System.Runtime.CompilerServices;
using Wetware.Core;
using Wetware.Protocol;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using CrawlStatus = Wetware.Protocol.Crawls.CrawlStatus;

namespace Wetware.Client;

/// <summary>The distributed crawler. Safe for concurrent use. Every method throws <see cref="WetwareException"/> when the node refuses or is lost.</summary>
public sealed class CrawlClient
{
    /// <summary>Results that wait for a slow reader; each may carry a page's text.</summary>
    private const int ItemsWaitingMax = 256;

    private readonly CrawlService.Client _service;

    internal CrawlClient(CrawlService.Client service) => _service = service;

    /// <summary>Begins a crawl on every node of the cluster.</summary>
    /// <returns>Its number.</returns>
    public Task<ulong> StartAsync(CrawlRequest request, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = _service.StartRequest();
        CrawlSpecCodec.Write(call.Params.InitSpec(), request);
        call.Params.SetRom(request.Rom.Span);
        using var answer = call.Send(cancellation);
        return (await answer).Id;
    });

    /// <summary>How far a crawl is.</summary>
    public Task<CrawlStatus> StatusAsync(ulong id, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _service.Status(id, cancellation);
        return Read((await answer).Status);
    });

    /// <summary>All crawls that were ever started.</summary>
    public Task<IReadOnlyList<CrawlStatus>> ListAsync(CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _service.List(cancellation);
        var crawls = new List<CrawlStatus>();
        foreach (var wire in (await answer).Crawls)
        {
            crawls.Add(Read(wire));
        }

        return (IReadOnlyList<CrawlStatus>)crawls;
    });

    /// <summary>Stops a crawl; its results so far stay.</summary>
    public Task CancelAsync(ulong id, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _service.Cancel(id, cancellation);
        await answer;
        return true;
    });

    /// <summary>
    /// The results so far, each URL once, from an offset on. What has arrived is yielded before a failure is thrown; to go on after one, ask again
    /// from the last offset plus one.
    /// </summary>
    public async IAsyncEnumerable<(ulong Offset, PageItem Item)> ResultsAsync(
        ulong id, ulong from = 0, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var items = new Inflow<(ulong, PageItem)>(ItemsWaitingMax);
        using var handler = CrawlService.Handler.Client.Serve(new ItemHandler(items));
        var request = _service.ResultsRequest();
        request.Params.Id = id;
        request.Params.From = from;
        request.Params.SetHandler(handler);
        using var answer = request.Send(cancellation);
        _ = items.CompleteAsync(answer.Untyped);
        await foreach (var item in items.ReadAsync(cancellation).ConfigureAwait(false))
        {
            yield return item;
        }
    }

    private static CrawlStatus Read(Protocol.Wire.CrawlStatus.Reader wire) => new(
        wire.Id,
        TextList.Read(wire.Seeds),
        (CrawlState)wire.State,
        wire.Waiting,
        wire.Leased,
        wire.Found,
        wire.Results,
        wire.Duplicates,
        wire.Retries);

    private sealed class ItemHandler(Inflow<(ulong, PageItem)> items) : CrawlService.Handler.IServer
    {
        public ValueTask RecvAsync(CallContext<CrawlService.Handler.RecvParams.Reader, StreamResult.Builder> call) =>
            PageItemCodec.TryDecode(call.Params.Page.ToArray(), out var item)
                ? items.TakeAsync(call.Untyped, (call.Params.Offset, item))
                : throw new RpcException("the node sent a result that cannot be read");
    }
}

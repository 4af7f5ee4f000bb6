using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Crawler;
using Wetware.Crawler.Fetch;
using Wetware.Host.Consensus;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;

namespace Wetware.Host.Services.Crawling;

/// <summary>
/// This node's part in every crawl of the cluster: watches the replicated specifications, works on those that are under
/// way, and stops when they end. Keeps nothing of its own, so a node that dies loses nothing.
/// </summary>
/// <param name="book">What the replica says of crawls.</param>
/// <param name="changed">Completes when the replica next changes.</param>
/// <param name="queue">For the workers.</param>
/// <param name="roms">The programs of crawls.</param>
/// <param name="logger">For what begins and ends.</param>
internal sealed class CrawlRunner(CrawlBook book, Func<Task> changed, IQueueSession queue, RomLoader roms, ILogger logger) : IAsyncDisposable
{
    /// <summary>Between two looks, however much happens.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the URLs of a node that died stay with it. Leases are extended each third of it, so it may well be short.</summary>
    private static readonly TimeSpan s_visibility = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<ulong, Work> _works = [];
    private readonly Queue<CrawlRequest> _ended = new();
    private readonly CrawlBook _book = book;
    private readonly Func<Task> _changed = changed;
    private readonly IQueueSession _queue = queue;
    private readonly RomLoader _roms = roms;
    private readonly ILogger _logger = logger;
    private ulong _next = 1;
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var work in _works.Values)
        {
            await work.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var next = _changed();
                await LookAsync().ConfigureAwait(false);
                await next.WaitAsync(_stop.Token).ConfigureAwait(false);
                await Task.Delay(s_interval, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
        catch (WetwareException)
        {
            // The node is stopping.
        }
    }

    private async Task LookAsync()
    {
        foreach (var (id, request) in await _book.SpecsAsync(_next, isLinear: false).ConfigureAwait(false))
        {
            _next = id + 1;
            if (CrawlRequests.Reject(request) is not null)
            {
                continue;
            }

            if ((await _book.StatusAsync(id, request, isLinear: false).ConfigureAwait(false)).State != CrawlState.Running)
            {
                _ended.Enqueue(request);
            }
            else
            {
                _works[id] = new Work(this, id, request);
                Log.CrawlStarted(_logger, id, (int)request.WorkersPerNode);
            }
        }

        foreach (var (id, work) in _works.ToArray())
        {
            // A replica that is behind sees an older state, never one that was not: what it sees ended has ended.
            if ((await _book.StatusAsync(id, work.Request, isLinear: false).ConfigureAwait(false)).State != CrawlState.Running)
            {
                _works.Remove(id);
                await work.DisposeAsync().ConfigureAwait(false);
                Log.CrawlEnded(_logger, id);
                _ended.Enqueue(work.Request);
            }
        }

        await ReleaseAsync().ConfigureAwait(false);
    }

    /// <summary>Gives up the programs of crawls that have ended. Whichever node gets there first does it for all.</summary>
    private async Task ReleaseAsync()
    {
        while (_ended.TryPeek(out var request))
        {
            try
            {
                await _book.ReleaseRomAsync(request.RomPieces, _stop.Token).ConfigureAwait(false);
                _ended.Dequeue();
            }
            catch (WetwareException failure)
            {
                Log.QueueUnavailable(_logger, failure.Message);
                return;
            }
        }
    }

    /// <summary>This node's workers on one crawl.</summary>
    private sealed class Work : IAsyncDisposable
    {
        private readonly CrawlRunner _runner;
        private readonly CancellationTokenSource _stop;
        private readonly Task _running;

        public Work(CrawlRunner runner, ulong id, CrawlRequest request)
        {
            _runner = runner;
            Request = request;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(runner._stop.Token);
            _running = RunAsync(id);
        }

        public CrawlRequest Request { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task RunAsync(ulong id)
        {
            var options = new FetcherOptions
            {
                IgnoreRobots = Request.IgnoreRobots,
                DelayMilliseconds = (uint)Request.Delay.TotalMilliseconds,
                ConcurrencyPerHostMax = (int)Request.WorkersPerNode,
                UserAgent = "wetware/" + WetwareOptions.Version,
            };
            try
            {
                var plan = await PrepareAsync(id, options.ProductToken).ConfigureAwait(false);
                var processor = await _runner._roms.LoadAsync(Request).ConfigureAwait(false);
                using var owned = processor as IDisposable;
                using var fetcher = new HttpFetcher(options);
                var worker = new CrawlWorker(
                    plan,
                    _runner._queue,
                    new Visitor(fetcher, options),
                    CrawlWorkerOptions.Default with { Parallelism = (int)Request.WorkersPerNode, Visibility = s_visibility },
                    new CrawlTelemetry(_runner._logger),
                    processor: processor);
                await worker.RunAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The crawl or the node has ended.
            }
            catch (Exception failure)
            {
                Log.CrawlFailed(_runner._logger, id, failure);
            }
        }

        private async Task<CrawlPlan> PrepareAsync(ulong id, string productToken)
        {
            while (true)
            {
                try
                {
                    return await _runner._book.PrepareAsync(id, Request, productToken, _stop.Token).ConfigureAwait(false);
                }
                catch (WetwareException failure)
                {
                    Log.QueueUnavailable(_runner._logger, failure.Message);
                    await Task.Delay(s_interval, _stop.Token).ConfigureAwait(false);
                }
            }
        }
    }
}

using Wetware.Crawler.Fetch;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Crawler.Tests;

/// <summary>A whole crawl in one process: a queue machine, some workers, and a site.</summary>
internal sealed class Crawl : IAsyncDisposable
{
    private readonly List<(CancellationTokenSource Stop, Task Run)> _workers = [];
    private readonly HttpFetcher _fetcher;
    private readonly FetcherOptions _options;

    public Crawl(CanonicalUrl seed, FetcherOptions? options = null, uint depthMax = 100, ulong pagesMax = 0, RetryPolicy? retry = null)
    {
        _options = options ?? FetcherOptions.Default;
        _fetcher = new HttpFetcher(_options);
        Observer = new Recorder();
        var urls = Queue.Execute(QueueCommand.CreateTopic("urls", CrawlPlan.UrlTopic(pagesMax))).Topic;
        var results = Queue.Execute(QueueCommand.CreateTopic("results", CrawlPlan.ResultsTopic)).Topic;
        var quick = retry ?? new RetryPolicy(AttemptsMax: 4, PauseMilliseconds: 10, PauseMillisecondsMax: 50);
        Plan = new CrawlPlan(urls, results, new CrawlScope([seed], depthMax: depthMax), quick, _options.ProductToken);
        Assert.Equal(QueueStatus.Ok, Queue.Execute(CrawlStep.Seed(Plan, [seed])).Status);
    }

    public LocalQueue Queue { get; } = new();

    public CrawlPlan Plan { get; }

    public Recorder Observer { get; }

    public void AddWorker(int parallelism = 4, TimeSpan? visibility = null)
    {
        var stop = new CancellationTokenSource();
        var options = new CrawlWorkerOptions
        {
            Parallelism = parallelism,
            Visibility = visibility ?? TimeSpan.FromSeconds(15),
            IdlePause = TimeSpan.FromMilliseconds(2),
            IdlePauseMax = TimeSpan.FromMilliseconds(20),
        };
        var worker = new CrawlWorker(Plan, Queue, new Visitor(_fetcher, _options), options, Observer);
        _workers.Add((stop, worker.RunAsync(stop.Token)));
    }

    /// <summary>Stops the first worker where it stands; its leases stay until they run out.</summary>
    public async Task StopWorkerAsync()
    {
        var (stop, run) = _workers[0];
        _workers.RemoveAt(0);
        await stop.CancelAsync();
        await run;
        stop.Dispose();
    }

    /// <summary>Runs until nothing is left to do, and returns the results by path.</summary>
    public async Task<Dictionary<string, PageItem>> FinishAsync()
    {
        var patience = TestContext.Current.CancellationToken;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var until = DateTimeOffset.UtcNow.AddSeconds(60);
        while (Queue.Stats(Plan.Urls).Open > 0)
        {
            Assert.True(DateTimeOffset.UtcNow < until, $"the crawl hangs: {Queue.Stats(Plan.Urls)}");
            // A worker that failed ends the test with its own words.
            if (_workers.Find(w => w.Run.IsCompleted) is { Run: { } dead })
            {
                await dead;
            }

            Queue.Execute(QueueCommand.Tick);
            await timer.WaitForNextTickAsync(patience);
        }

        // ToDictionary throws where a URL has two results.
        return Queue.Results(Plan.Results).ToDictionary(item => new Uri(item.Url).PathAndQuery, StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        while (_workers.Count > 0)
        {
            await StopWorkerAsync();
        }

        _fetcher.Dispose();
        Queue.Dispose();
    }

    internal sealed class Recorder : ICrawlObserver
    {
        private int _completed;
        private int _retried;
        private int _lost;

        public int CompletedCount => _completed;

        public int RetriedCount => _retried;

        public int LostCount => _lost;

        public void Completed(PageItem item, int linksNew) => Interlocked.Increment(ref _completed);

        public void Retried(UrlTask task, Visit visit) => Interlocked.Increment(ref _retried);

        public void LeaseLost(UrlTask task) => Interlocked.Increment(ref _lost);

        public void QueueUnavailable(string reason)
        {
            // Counted by the test that causes it.
        }
    }
}

using System.Globalization;
using Wetware.Client;
using Wetware.Core;
using Wetware.Crawler;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Rpc.Transport;

namespace Wetware.Host.Tests.Stories;

/// <summary>Results of a crawl that stream to a reader, and what happens to them when their source does not live to send the last.</summary>
public sealed class ResultsTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly Source _source = new();
    private readonly RpcConnection _server;
    private readonly RpcConnection _client;
    private readonly CrawlService.Client _remote;

    public ResultsTests()
    {
        var (one, other) = Transports.InMemory();
        using var served = CrawlService.Client.Serve(_source);
        _server = RpcConnection.Start(one, RpcOptions.Default with { Bootstrap = served.Capability });
        _client = RpcConnection.Start(other);
        _remote = _client.Bootstrap<CrawlService.Client>();
    }

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _remote.Dispose();
        _client.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(900)]
    public async Task What_has_arrived_is_read_before_the_failure_of_the_call(int count)
    {
        _source.Count = count;
        _source.End = () => throw new RpcException("the disk is on fire");
        var (offsets, failure) = await ReadAsync(new CrawlClient(_remote).ResultsAsync(1, cancellation: Limit).GetAsyncEnumerator(Limit));
        Assert.Equal("the disk is on fire", failure.Message);
        Assert.Equal(Offsets(0, count), offsets);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(257)]
    [InlineData(900)]
    public async Task What_has_arrived_is_read_by_a_slow_reader_after_the_connection_has_ended(int count)
    {
        _source.Count = count;
        _source.End = async () =>
        {
            // What comes behind all that was sent has been answered, so all of it is there.
            using var behind = _server.Bootstrap();
            await behind.WhenSettledAsync();
            _server.Dispose();
        };
        var results = new CrawlClient(_remote).ResultsAsync(1, cancellation: Limit).GetAsyncEnumerator(Limit);
        Assert.True(await results.MoveNextAsync());
        await _client.Closed.WaitAsync(s_patience, Limit);
        var (offsets, failure) = await ReadAsync(results);
        Assert.Equal(RpcErrorType.Disconnected, Assert.IsType<RpcException>(failure.InnerException).Type);
        Assert.Equal(Offsets(1, count), offsets);
    }

    [Fact]
    public async Task A_reader_that_breaks_off_holds_nobody_up()
    {
        _source.Count = 900;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.End = () =>
        {
            ended.SetResult();
            return Task.CompletedTask;
        };
        await foreach (var _ in new CrawlClient(_remote).ResultsAsync(1, cancellation: Limit).WithCancellation(Limit))
        {
            break;
        }

        await ended.Task.WaitAsync(s_patience, Limit);
        // The stream of the one who broke off has failed, and the next has its own.
        _source.Count = 3;
        _source.End = () => Task.CompletedTask;
        var again = new List<ulong>();
        await foreach (var (offset, _) in new CrawlClient(_remote).ResultsAsync(1, from: 1, Limit).WithCancellation(Limit))
        {
            again.Add(offset);
        }

        Assert.Equal(Offsets(1, 3), again);
    }

    private static IEnumerable<ulong> Offsets(int from, int count) => Enumerable.Range(from, count - from).Select(i => (ulong)i);

    private static async Task<(List<ulong> Offsets, WetwareException Failure)> ReadAsync(IAsyncEnumerator<(ulong Offset, PageItem Item)> results)
    {
        var offsets = new List<ulong>();
        await using (results)
        {
            var failure = await Assert.ThrowsAsync<WetwareException>(async () =>
            {
                while (await results.MoveNextAsync())
                {
                    Assert.Equal(Url(results.Current.Offset), results.Current.Item.Url);
                    offsets.Add(results.Current.Offset);
                }
            });
            return (offsets, failure);
        }
    }

    private static string Url(ulong offset) => string.Create(CultureInfo.InvariantCulture, $"http://example.org/{offset}");

    /// <summary>Has so many results, sends them as fast as it can, and then does something.</summary>
    private sealed class Source : CrawlService.IServer
    {
        public int Count { get; set; }

        public Func<Task> End { get; set; } = () => Task.CompletedTask;

        public async ValueTask ResultsAsync(CallContext<CrawlService.ResultsParams.Reader, CrawlService.ResultsResults.Builder> call)
        {
            using var handler = call.Params.Handler.AddRef();
            var sent = new List<Task>();
            for (var offset = call.Params.From; offset < (ulong)Count; offset++)
            {
                // It leaves at once; only whoever minds the window waits.
                var item = new PageItem { Url = Url(offset), FinalUrl = Url(offset), Title = new string('x', 500) };
                sent.Add(handler.RecvAsync(offset, PageItemCodec.Encode(item)).AsTask());
            }

            await End();
            await Task.WhenAll(sent);
            await handler.Capability.WhenStreamIdleAsync();
        }
    }
}

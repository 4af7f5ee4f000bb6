using Wetware.Core;
using Wetware.Host.Client;
using Wetware.Host.Membership;
using Wetware.Host.Protocol;
using Wetware.Membership.Identity;
using Wetware.Membership.Routing;
using Wetware.Rpc;
using Wetware.Rpc.Transport;

namespace Wetware.Host.Tests.Stories;

public class ViewTests
{
    private const int Peers = 10_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_first_of_ten_thousand_records_arrives_before_the_table_has_been_walked()
    {
        using var wire = new Wire(Table(i => "region=us-east-1"));
        var handler = new Blocking();
        using var served = View.Handler.Client.Serve(handler);
        var request = wire.Remote.IterRequest();
        request.Params.SetHandler(served);
        QueryCodec.Write(request.Params.InitSelector(), Query.Match(IndexKey.Create(IndexKind.Meta, "region=us-east-1")));
        using var answer = request.Send();

        await handler.First.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        // Whoever has one record and does not come back from it holds the walk where the stream's window ends.
        Assert.False(answer.IsCompleted);
        Assert.InRange(handler.Received, 1, Peers / 2);

        handler.Go.SetResult();
        await answer;
        Assert.Equal(Peers, handler.Received);
    }

    [Fact]
    public async Task A_query_yields_what_it_selects_in_order_and_within_its_limit()
    {
        using var wire = new Wire(Table(i => $"region=r{i % 100:00}"));
        var session = wire.Session();
        var found = new List<ClusterRecord>();
        await foreach (var record in session.QueryAsync(Parse("WHERE region==r42"), TestContext.Current.CancellationToken))
        {
            found.Add(record);
        }

        Assert.Equal(Peers / 100, found.Count);
        Assert.All(found, record => Assert.Equal(["region=r42"], record.Meta));

        var forward = await session.QueryAsync(Parse("LIMIT 5"), TestContext.Current.CancellationToken).ToListAsync();
        var backward = await session.QueryAsync(Parse("REVERSE"), TestContext.Current.CancellationToken).ToListAsync();
        Assert.Equal(5, forward.Count);
        Assert.Equal(Peers, backward.Count);
        Assert.Equal(forward.Select(record => record.Peer), backward.TakeLast(5).Reverse().Select(record => record.Peer));
    }

    [Fact]
    public async Task Without_permission_nothing_is_yielded()
    {
        var session = new WetwareSession(PeerId.None, default, new View.Client(Capability.Null()), default, default, default);
        Assert.Empty(await session.QueryAsync(Query.All, TestContext.Current.CancellationToken).ToListAsync());
    }

    private static Query Parse(string text) => QueryParser.TryParse(text, out var query, out var error) ? query : throw new InvalidOperationException(error.ToString());

    private static RoutingTable Table(Func<int, string> meta)
    {
        var table = new RoutingTable();
        for (var i = 0; i < Peers; i++)
        {
            using var key = PeerKey.Create();
            table.Upsert(new PeerRecord(Profile.Create(key.Peer, $"host-{i}", [meta(i)], []), new ServerId((ulong)i + 1), 1, 3_600_000), 0);
        }

        return table;
    }

    /// <summary>A table served over a connection in memory.</summary>
    private sealed class Wire : IDisposable
    {
        private readonly RpcConnection _server;
        private readonly RpcConnection _client;

        public Wire(RoutingTable table)
        {
            var (one, other) = Transports.InMemory();
            Table = new TableView(table.Snapshot());
            using var view = View.Client.Serve(new ViewServer(Table));
            _server = RpcConnection.Start(one, RpcOptions.Default with { Bootstrap = view.Capability });
            _client = RpcConnection.Start(other);
            Remote = _client.Bootstrap<View.Client>();
        }

        public TableView Table { get; }

        public View.Client Remote { get; }

        public WetwareSession Session() => new(PeerId.None, default, Remote, default, default, default);

        public void Dispose()
        {
            Remote.Dispose();
            _client.Dispose();
            _server.Dispose();
        }
    }

    /// <summary>Takes records and does not return from the first until it is told to.</summary>
    private sealed class Blocking : View.Handler.IServer
    {
        private int _received;

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Received => Volatile.Read(ref _received);

        public async ValueTask RecvAsync(CallContext<View.Handler.RecvParams.Reader, StreamResult.Builder> call)
        {
            var count = call.Params.Records.Count;
            if (Interlocked.Add(ref _received, count) == count)
            {
                First.SetResult();
            }

            await Go.Task;
        }
    }
}

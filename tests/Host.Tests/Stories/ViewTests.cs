using Wetware.Client;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Host.Membership;
using Wetware.Host.Services.View;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Rpc.Transport;
using Wetware.Testing;

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
        var session = new WetwareSession(HeldSession.Make(static wire => { }));
        Assert.Empty(await session.QueryAsync(Query.All, TestContext.Current.CancellationToken).ToListAsync());
    }

    [Fact]
    public async Task Cancelling_stops_the_walk_even_while_the_handler_is_stuck()
    {
        using var wire = new Wire(Table(i => "region=us-east-1"));
        var blocking = new Blocking();
        using (var handler = View.Handler.Client.Serve(blocking))
        {
            using var stop = new CancellationTokenSource();
            var request = wire.Remote.IterRequest();
            request.Params.SetHandler(handler);
            request.Params.InitSelector().SetAll();
            using var answer = request.Send(stop.Token);
            await blocking.First.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(async () => await answer);
        }

        blocking.Go.SetResult();
        // The walk was the last to hold it.
        await blocking.Released.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.InRange(blocking.Received, 1, Peers / 2);
    }

    [Fact]
    public async Task Breaking_off_a_sequence_ends_the_walk_and_the_view_answers_on()
    {
        using var wire = new Wire(Table(i => "region=us-east-1"));
        var session = wire.Session();
        for (var round = 0; round < 20; round++)
        {
            var taken = 0;
            await foreach (var record in session.QueryAsync(Query.All, TestContext.Current.CancellationToken))
            {
                if (++taken == 10)
                {
                    break;
                }
            }

            Assert.Equal(10, taken);
        }

        Assert.Equal(Peers, (await session.QueryAsync(Query.All, TestContext.Current.CancellationToken).ToListAsync()).Count);
    }

    [Fact]
    public async Task Whoever_was_quick_and_then_stops_is_sent_a_window_and_no_more()
    {
        const int Quick = Peers / 4;
        using var wire = new Wire(Table(i => "region=us-east-1"));
        var handler = new Blocking(quick: Quick);
        using var served = View.Handler.Client.Serve(handler);
        var request = wire.Remote.IterRequest();
        request.Params.SetHandler(served);
        request.Params.InitSelector().SetAll();
        using var answer = request.Send();
        await handler.First.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        // What is under way then is in calls that this side holds: whatever the window has grown to, it is not the table.
        Assert.False(answer.IsCompleted);
        Assert.InRange(handler.Received, Quick, Peers - 1);
        handler.Go.SetResult();
        await answer;
        Assert.Equal(Peers, handler.Received);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public async Task What_was_received_is_yielded_before_the_failure_of_the_walk_is_thrown(int batches)
    {
        using var wire = new Wire(new Failing(batches));
        var found = new List<ulong>();
        var failure = await Assert.ThrowsAsync<WetwareException>(async () =>
        {
            await foreach (var record in wire.Session().QueryAsync(Query.All, TestContext.Current.CancellationToken))
            {
                found.Add(record.Server.Value);
            }
        });
        Assert.Contains("the table is on fire", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, batches).Select(i => (ulong)i), found);
    }

    [Fact]
    public async Task What_the_wire_asks_and_makes_no_sense_is_refused_with_a_reason()
    {
        using var wire = new Wire(new RoutingTable());
        var lookup = wire.Remote.LookupRequest();
        lookup.Params.InitSelector().InitMatch().SetServer("zz"u8);
        using var answer = lookup.Send();
        Assert.Contains("hexadecimal", (await Assert.ThrowsAsync<RpcException>(async () => await answer)).Message, StringComparison.Ordinal);

        var other = wire.Remote.LookupRequest();
        other.Params.InitSelector().InitFrom().SetHost("a"u8);
        other.Params.InitConstraints(1)[0].InitTo().SetPeer("Qm"u8);
        using var mixed = other.Send();
        Assert.Contains("the query walks Host", (await Assert.ThrowsAsync<RpcException>(async () => await mixed)).Message, StringComparison.Ordinal);

        var none = wire.Remote.LookupRequest();
        none.Params.InitSelector().SetAll();
        var limit = none.Params.InitConstraints(1)[0];
        limit.Limit = 0;
        using var zero = none.Send();
        await Assert.ThrowsAsync<RpcException>(async () => await zero);
    }

    [Fact]
    public async Task Any_query_yields_over_the_wire_what_it_yields_on_the_table()
    {
        var prng = new Prng(Property.Seed());
        var table = new RoutingTable();
        for (var i = 0; i < 500; i++)
        {
            using var key = PeerKey.Create();
            var profile = Profile.Create(key.Peer, "web-server"[..(int)prng.Below(11)], [$"a={prng.Below(5)}", $"b={prng.Below(3)}"], []);
            table.Upsert(new PeerRecord(profile, new ServerId(prng.Next()), 1, 3_600_000), 0);
        }

        using var wire = new Wire(table);
        foreach (var text in (string[])["", "WHERE a=1", "WHERE a==1 LIMIT 7", "FROM host=web TO host=web-s", "FROM host==web-s REVERSE", "FROM meta=a TO meta=a=3", "WHERE server=0", "FROM peer=QmT LIMIT 3 REVERSE", "WHERE meta=b"])
        {
            var query = Parse(text);
            var expected = new List<PeerId>();
            foreach (ref readonly var record in table.Snapshot().Select(query))
            {
                expected.Add(record.Peer);
            }

            var session = wire.Session();
            Assert.Equal(expected, (await session.QueryAsync(query, TestContext.Current.CancellationToken).ToListAsync()).Select(record => record.Peer));
            Assert.Equal(expected.FirstOrDefault(), (await session.FirstAsync(query, TestContext.Current.CancellationToken))?.Peer ?? default);
        }
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
            : this(new ViewServer(new TableView(table.Snapshot())))
        {
        }

        public Wire(View.IServer server)
        {
            var (one, other) = Transports.InMemory();
            using var view = View.Client.Serve(server);
            _server = RpcConnection.Start(one, RpcOptions.Default with { Bootstrap = view.Capability });
            _client = RpcConnection.Start(other);
            Remote = _client.Bootstrap<View.Client>();
        }

        public View.Client Remote { get; }

        public WetwareSession Session() => new(HeldSession.Make(wire => wire.SetView(Remote)));

        public void Dispose()
        {
            Remote.Dispose();
            _client.Dispose();
            _server.Dispose();
        }
    }

    /// <summary>A view whose walk fails after so many records, a batch each.</summary>
    private sealed class Failing(int batches) : View.IServer
    {
        public async ValueTask IterAsync(CallContext<View.IterParams.Reader, View.IterResults.Builder> call)
        {
            using var handler = call.Params.Handler.AddRef();
            for (var i = 0; i < batches; i++)
            {
                var request = handler.RecvRequest();
                var record = request.Params.InitRecords(1)[0];
                record.Server = (ulong)i;
                await request.SendAsync();
            }

            throw new RpcException("the table is on fire");
        }
    }

    /// <summary>Takes records, and does not return from a call once it has had so many until it is told to.</summary>
    private sealed class Blocking(int quick = 0) : View.Handler.IServer, IDisposable
    {
        private int _received;

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Received => Volatile.Read(ref _received);

        public void Dispose() => Released.TrySetResult();

        public async ValueTask RecvAsync(CallContext<View.Handler.RecvParams.Reader, StreamResult.Builder> call)
        {
            if (Interlocked.Add(ref _received, call.Params.Records.Count) > quick)
            {
                First.TrySetResult();
                await Go.Task;
            }
        }
    }
}

using System.Globalization;
using Wetware.Client;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Host.Membership;
using Wetware.Host.Services.View;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Rpc.Transport;
using Wetware.Testing;

namespace Wetware.Host.Tests.Stories;

/// <summary>An answer that is followed over a connection.</summary>
public sealed class FollowTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly RoutingTable _table = new();
    private readonly TableView _view;
    private readonly RpcConnection _server;
    private readonly RpcConnection _client;
    private readonly View.Client _remote;
    private ulong _seq;

    public FollowTests()
    {
        var (one, other) = Transports.InMemory();
        _view = new TableView(_table.Snapshot());
        using var served = View.Client.Serve(new ViewServer(_view));
        _server = RpcConnection.Start(one, RpcOptions.Default with { Bootstrap = served.Capability });
        _client = RpcConnection.Start(other);
        _remote = _client.Bootstrap<View.Client>();
    }

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    private WetwareSession Session => new(HeldSession.Make(wire => wire.SetView(_remote)));

    public void Dispose()
    {
        _remote.Dispose();
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task The_present_answer_comes_first_in_its_order_and_then_each_change_as_it_happens()
    {
        Put(1, "web-1");
        Put(2, "web-0");
        Put(3, "db");
        Publish();
        await using var told = Follow("WHERE host=web");
        Assert.Equal(["+web-0", "+web-1"], await NextAsync(told));

        Put(4, "web-4");
        Publish();
        Assert.Equal(["+web-4"], await NextAsync(told));

        // Nobody who follows the web cares for these: a database, and a heartbeat that says the same.
        Put(5, "db-5");
        Put(4, "web-4");
        Publish();
        Put(1, "db-1");
        Put(2, "web-22");
        Publish();
        Assert.Equal(["-web-1", "~web-22"], (await NextAsync(told)).Order());

        _table.Remove(Number(4), out _);
        Publish();
        Assert.Equal(["-web-4"], await NextAsync(told));
    }

    [Fact]
    public async Task An_empty_answer_is_an_answer()
    {
        await using var told = Follow("");
        Assert.Empty(await NextAsync(told));
        Put(1, "a");
        Publish();
        Assert.Equal(["+a"], await NextAsync(told));
    }

    [Fact]
    public async Task With_a_limit_one_that_comes_pushes_another_out()
    {
        Put(1, "b");
        Put(2, "c");
        Publish();
        await using var told = Follow("FROM host=a LIMIT 2");
        Assert.Equal(["+b", "+c"], await NextAsync(told));
        Put(3, "a");
        Publish();
        Assert.Equal(["+a", "-c"], (await NextAsync(told)).Order(StringComparer.Ordinal));
        _table.Remove(Number(3), out _);
        Publish();
        Assert.Equal(["+c", "-a"], (await NextAsync(told)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task In_reverse_it_begins_with_the_last()
    {
        Put(1, "a");
        Put(2, "b");
        Put(3, "c");
        Publish();
        await using var told = Follow("FROM host==b REVERSE");
        Assert.Equal(["+b", "+a"], await NextAsync(told));
        Put(4, "aa");
        Put(5, "d");
        Publish();
        Assert.Equal(["+aa"], await NextAsync(told));
    }

    [Fact]
    public async Task Any_history_followed_at_any_pace_ends_in_the_answer_that_a_query_gives()
    {
        var prng = new Prng(Property.Seed());
        await using var told = Follow("WHERE region=r");
        var known = new Dictionary<PeerId, string>();
        for (var step = 0; step < 300; step++)
        {
            for (var n = prng.Below(4); n > 0; n--)
            {
                Mutate(ref prng);
            }

            Publish();
            if (prng.Chance(0.3))
            {
                await CatchUpAsync(told, known);
            }
        }

        Assert.True(known.Count > 0 || _table.Count == 0);
    }

    [Fact]
    public async Task A_follower_that_does_not_come_back_is_kept_one_snapshot_and_no_queue()
    {
        for (var n = 0; n < 5_000; n++)
        {
            Put(n, $"host-{n}");
        }

        Publish();
        var stuck = new Stuck();
        using var follower = View.Follower.Client.Serve(stuck);
        var request = _remote.FollowRequest();
        request.Params.SetFollower(follower);
        request.Params.InitSelector().SetAll();
        using var stop = new CancellationTokenSource();
        using var answer = request.Send(stop.Token);
        await stuck.First.Task.WaitAsync(s_patience, Limit);

        // Every record changes a hundred times while the follower holds its first call; a queue would hold half a million records.
        for (var round = 0; round < 100; round++)
        {
            for (var n = 0; n < 5_000; n++)
            {
                Put(n, $"host-{n}-{round}");
            }

            Publish();
        }

        stuck.Go.SetResult();
        await stuck.WhenAsync(received => received.Count == 5_000 && received.Values.All(host => host.EndsWith("-99", StringComparison.Ordinal))).WaitAsync(s_patience, Limit);
        Assert.InRange(stuck.Changes, 5_000, 20_000);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task Cancelling_lets_go_of_the_follower_even_while_it_is_stuck()
    {
        for (var n = 0; n < 5_000; n++)
        {
            Put(n, $"host-{n}");
        }

        Publish();
        var stuck = new Stuck();
        using var stop = new CancellationTokenSource();
        using (var follower = View.Follower.Client.Serve(stuck))
        {
            var request = _remote.FollowRequest();
            request.Params.SetFollower(follower);
            request.Params.InitSelector().SetAll();
            using var answer = request.Send(stop.Token);
            await stuck.First.Task.WaitAsync(s_patience, Limit);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(async () => await answer);
        }

        stuck.Go.SetResult();
        await stuck.Released.Task.WaitAsync(s_patience, Limit);
    }

    [Fact]
    public async Task What_arrived_is_yielded_before_the_loss_of_the_node_is_told()
    {
        Put(1, "a");
        Publish();
        await using var told = Follow("");
        Assert.Equal(["+a"], await NextAsync(told));
        Put(2, "b");
        Publish();
        Assert.Equal(["+b"], await NextAsync(told));
        _server.Dispose();
        var failure = await Assert.ThrowsAsync<WetwareException>(async () => await told.MoveNextAsync());
        Assert.IsType<RpcException>(failure.InnerException);
    }

    [Fact]
    public async Task Without_permission_nothing_is_told()
    {
        var session = new WetwareSession(HeldSession.Make(static wire => { }));
        Assert.Empty(await session.FollowAsync(Query.All, Limit).ToListAsync(Limit));
        Assert.Null(await session.FirstAsync(Query.All, Limit));
    }

    [Fact]
    public async Task The_first_record_is_that_of_the_query()
    {
        Assert.Null(await Session.FirstAsync(Query.All, Limit));
        Put(1, "b");
        Put(2, "a");
        Publish();
        Assert.Equal("a", (await Session.FirstAsync(Parse("FROM host="), Limit))!.Host);
        Assert.Equal("b", (await Session.FirstAsync(Parse("FROM host=z REVERSE"), Limit))!.Host);
    }

    private static Query Parse(string text) => QueryParser.TryParse(text, out var query, out var error) ? query : throw new InvalidOperationException(error.ToString());

    private static PeerId Number(int n)
    {
        var key = new byte[64];
        BitConverter.TryWriteBytes(key, n);
        return PeerId.FromPublicKey(key);
    }

    private static async Task<List<string>> NextAsync(IAsyncEnumerator<ClusterChanges> told)
    {
        var changes = new List<string>();
        do
        {
            Assert.True(await told.MoveNextAsync().AsTask().WaitAsync(s_patience, Limit));
            changes.AddRange(told.Current.Items.Select(change => "+~-"[(int)change.Kind] + change.Record.Host));
        }
        while (!told.Current.IsCurrent);

        return changes;
    }

    private IAsyncEnumerator<ClusterChanges> Follow(string query) => Session.FollowAsync(Parse(query), Limit).GetAsyncEnumerator(Limit);

    private void Publish() => _view.Publish(_table.Snapshot());

    private void Put(int peer, string host, params string[] meta) =>
        _table.Upsert(new PeerRecord(Profile.Create(Number(peer), host, meta, []), new ServerId(1), ++_seq, 60_000), 0);

    private void Mutate(ref Prng prng)
    {
        var peer = (int)prng.Below(30);
        if (prng.Chance(0.3))
        {
            _table.Remove(Number(peer), out _);
            return;
        }

        Put(peer, $"h{prng.Below(3)}", $"region={"rs"[(int)prng.Below(2)]}{prng.Below(3)}");
    }

    /// <summary>Takes changes until what is known is the answer: a mark that comes last says when.</summary>
    private async Task CatchUpAsync(IAsyncEnumerator<ClusterChanges> told, Dictionary<PeerId, string> known)
    {
        var mark = _seq.ToString(CultureInfo.InvariantCulture);
        Put(1_000, "mark", "region=r-mark", "at=" + mark);
        Publish();
        do
        {
            Assert.True(await told.MoveNextAsync().AsTask().WaitAsync(s_patience, Limit));
            foreach (var (kind, record) in told.Current.Items)
            {
                Assert.Equal(kind != ClusterChangeKind.Joined, known.ContainsKey(record.Peer));
                known[record.Peer] = $"{record.Host} {string.Join(' ', record.Meta)}";
                if (kind == ClusterChangeKind.Left)
                {
                    known.Remove(record.Peer);
                }
            }
        }
        while (!told.Current.IsCurrent || !known.GetValueOrDefault(Number(1_000), "").Contains("at=" + mark, StringComparison.Ordinal));

        var asked = await Session.QueryAsync(Parse("WHERE region=r"), Limit).ToListAsync(Limit);
        Assert.Equal(
            asked.Select(record => $"{record.Peer} {record.Host} {string.Join(' ', record.Meta)}").Order(),
            known.Select(pair => $"{pair.Key} {pair.Value}").Order());
    }

    /// <summary>Holds its first call until it is told to go on, and counts.</summary>
    private sealed class Stuck : View.Follower.IServer, IDisposable
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<PeerId, string> _hosts = [];
        private (Func<Dictionary<PeerId, string>, bool> Holds, TaskCompletionSource Told)? _awaited;

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Changes { get; private set; }

        public void Dispose() => Released.TrySetResult();

        public Task WhenAsync(Func<Dictionary<PeerId, string>, bool> holds)
        {
            lock (_gate)
            {
                _awaited = (holds, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                Look();
                return _awaited.Value.Told.Task;
            }
        }

        public async ValueTask RecvAsync(CallContext<View.Follower.RecvParams.Reader, StreamResult.Builder> call)
        {
            First.TrySetResult();
            await Go.Task;
            lock (_gate)
            {
                foreach (var wire in call.Params.Changes)
                {
                    var change = RecordCodec.Read(wire)!;
                    Changes++;
                    _hosts[change.Record.Peer] = change.Record.Host;
                }

                Look();
            }
        }

        private void Look()
        {
            if (_awaited is { } awaited && awaited.Holds(_hosts))
            {
                awaited.Told.TrySetResult();
            }
        }
    }
}

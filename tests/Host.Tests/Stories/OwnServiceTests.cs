using Wetware.Client;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Host.Sessions;
using Wetware.Rpc;
using Wetware.Samples.Echo;

namespace Wetware.Host.Tests.Stories;

/// <summary>A service that no part of the product knows: a schema, a class, and one line in a list are all that it takes.</summary>
public sealed class OwnServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-own-").FullName;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_is_reached_by_the_node_itself_by_clients_and_through_other_nodes()
    {
        var service = new EchoService();
        await using var one = await StartAsync("one", options => options with { Services = [service] });
        await using var two = await StartAsync("two", options => options with { Join = [one.Addresses[0].ToString()] });
        await using var client = await WetwareClient.ConnectAsync([one.Addresses[0].ToString()], WetwareClientOptions.Default, Limit);

        Assert.Equal($"hello {one.Peer}", await SayAsync(one.Session, "hello"));
        var asClient = await SayAsync(client.Session, "hello");
        Assert.StartsWith("hello ", asClient, StringComparison.Ordinal);
        Assert.NotEqual($"hello {one.Peer}", asClient);

        // The anchor of a node leads to a session with it, and its own services are part of that.
        using var there = await AnchorOfAsync(two, one);
        Assert.Equal($"hello {two.Peer}", await SayAsync(there.Session!, "hello"));

        var unknown = Assert.Throws<WetwareException>(() => two.Session.GetService<Echo.Client>("echo"));
        Assert.Equal(FailureReason.NotFound, unknown.Reason);
    }

    [Fact]
    public async Task A_policy_grants_it_by_its_name()
    {
        var policy = new ByName();
        await using var node = await StartAsync("node", options => options with { Services = [new EchoService()], SessionPolicy = policy });
        policy.Grant = SessionGrant.Of("echo");
        await using (var granted = await WetwareClient.ConnectAsync([node.Addresses[0].ToString()], WetwareClientOptions.Default, Limit))
        {
            Assert.StartsWith("hello ", await SayAsync(granted.Session, "hello"), StringComparison.Ordinal);
        }

        policy.Grant = SessionGrant.All.Without("echo");
        await using var denied = await WetwareClient.ConnectAsync([node.Addresses[0].ToString()], WetwareClientOptions.Default, Limit);
        Assert.Throws<WetwareException>(() => denied.Session.GetService<Echo.Client>("echo"));
    }

    [Fact]
    public void Two_services_of_one_name_are_refused() =>
        Assert.Throws<WetwareOptionsException>((WetwareOptions.Default with { Services = [new EchoService(), new EchoService()] }).Validate);

    [Fact]
    public async Task What_a_session_had_of_it_is_given_back_when_the_session_ends()
    {
        var service = new EchoService();
        await using var node = await StartAsync("node", options => options with { Services = [service] });
        await using (var client = await WetwareClient.ConnectAsync([node.Addresses[0].ToString()], WetwareClientOptions.Default, Limit))
        {
            await SayAsync(client.Session, "hello");
            Assert.Equal(2, service.Opened);
        }

        await service.ClosedOne.WaitAsync(Limit);
    }

    private static async Task<string> SayAsync(WetwareSession session, string text)
    {
        using var answer = session.GetService<Echo.Client>("echo").Say(text, Limit);
        return (await answer).Text.ToString();
    }

    private static async Task<AnchorValue> AnchorOfAsync(WetwareNode from, WetwareNode to)
    {
        while (true)
        {
            var changed = from.MembersChanged;
            if ((await from.Session.Anchors.ListAsync("/", Limit)).Contains(to.Peer.ToString()))
            {
                return await from.Session.Anchors.LoadAsync($"/{to.Peer}", Limit);
            }

            await changed.WaitAsync(Limit);
        }
    }

    private Task<WetwareNode> StartAsync(string name, Func<WetwareOptions, WetwareOptions> configure) =>
        WetwareNode.StartAsync(configure(WetwareOptions.Default with { DataFolder = Path.Combine(_folder, name) }), null, Limit);

    private sealed class ByName : ISessionPolicy
    {
        public SessionGrant Grant { get; set; } = SessionGrant.All;

        public SessionGrant Decide(PeerId account) => Grant;
    }

    private sealed class EchoService : IWetwareService
    {
        private readonly TaskCompletionSource _closedOne = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "echo";

        public int Opened { get; private set; }

        public Task ClosedOne => _closedOne.Task;

        public Capability Open(PeerId account)
        {
            Opened++;
            return Capability.Serve(new EchoServer(account, _closedOne));
        }
    }

    private sealed class EchoServer(PeerId account, TaskCompletionSource closed) : Echo.IServer, IDisposable
    {
        public ValueTask SayAsync(CallContext<Echo.SayParams.Reader, Echo.SayResults.Builder> call)
        {
            call.Results.SetText($"{call.Params.Text} {account}");
            return default;
        }

        public void Dispose() => closed.TrySetResult();
    }
}

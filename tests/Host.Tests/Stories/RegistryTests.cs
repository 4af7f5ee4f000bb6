using System.Text;
using Wetware.Client;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Sessions;
using Wetware.Host.Storage;

namespace Wetware.Host.Tests.Stories;

/// <summary>Services that are provided on one node and found from another.</summary>
public sealed class RegistryTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Whoever_provides_a_service_is_found_from_every_node_as_long_as_it_is_there()
    {
        await using var one = await StartAsync("1");
        await using var two = await StartAsync("2", one);
        await MeetAsync(one, two);
        await using var far = await ConnectAsync(two);
        Assert.Empty(await FindAsync(one, "db"));

        var address = Multiaddr.Parse("/ip4/192.0.2.1/tcp/5432");
        using var here = await one.Session.Services.ProvideAsync(ServiceLocation.AtAnchor("db", $"/{one.Peer}/db") with { Meta = ["role=main"] }, cancellation: Limit);
        using var there = await far.Session.Services.ProvideAsync(ServiceLocation.AtAddresses("db", address), cancellation: Limit);
        using var other = await two.Session.Services.ProvideAsync(ServiceLocation.AtAnchor("web", "/x"), cancellation: Limit);
        foreach (var node in new[] { one, two })
        {
            var found = await FindAsync(node, "db");
            Assert.Equal(2, found.Count);
            var main = Assert.Single(found, provider => provider.Location.Anchor is not null);
            Assert.Equal((one.Peer, one.Peer, $"/{one.Peer}/db", "role=main"), (main.Node, main.Account, main.Location.Anchor, Assert.Single(main.Location.Meta)));
            var dialled = Assert.Single(found, provider => provider.Location.Anchor is null);
            Assert.Equal((two.Peer, address.ToString()), (dialled.Node, Assert.Single(dialled.Location.Addresses).ToString()));
            Assert.NotEqual(two.Peer, dialled.Account);
        }

        here.Dispose();
        await far.DisposeAsync();
        await GoneAsync(one, "db");
        Assert.Single(await FindAsync(one, "web"));
        await two.StopAsync(Limit);
        await GoneAsync(one, "web");
    }

    [Fact]
    public async Task A_location_goes_when_its_time_is_over_unless_it_is_renewed()
    {
        await using var one = await StartAsync("1");
        var location = ServiceLocation.AtAnchor("s", "/x");
        using var kept = await one.Session.Services.ProvideAsync(location with { Meta = ["kept"] }, TimeSpan.FromSeconds(2), Limit);
        await kept.RenewAsync(null, Limit);
        using var left = await one.Session.Services.ProvideAsync(location with { Meta = ["left"] }, TimeSpan.FromMilliseconds(50), Limit);
        using var limit = new CancellationTokenSource(s_patience);
        while ((await FindAsync(one, "s")).Count > 1)
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal("kept", Assert.Single(Assert.Single(await FindAsync(one, "s")).Location.Meta));
        var late = await Assert.ThrowsAsync<WetwareException>(() => left.RenewAsync(null, Limit));
        Assert.Equal("the registration's time is over", late.Message);
    }

    [Fact]
    public async Task A_capability_is_provided_found_and_called()
    {
        await using var one = await StartAsync("1");
        await using var two = await StartAsync("2", one);
        await MeetAsync(one, two);
        using var jobs = await two.Session.Channels.MakeAsync(items: 1, cancellation: Limit);
        using var sends = await jobs.RestrictAsync(ChannelRights.Send, Limit);
        using var registration = await two.Session.Services.ProvideAsync(ServiceLocation.Of("jobs", sends.Capability), cancellation: Limit);
        using (var found = Assert.Single(await FindAsync(one, "jobs")))
        using (var channel = RemoteChannel.From(found.Location.Capability!))
        {
            await channel.SendAsync("work"u8.ToArray(), Limit).WaitAsync(s_patience, Limit);
        }

        using var item = await jobs.ReceiveAsync(Limit).WaitAsync(s_patience, Limit);
        Assert.Equal("work", Encoding.UTF8.GetString(item.Data.Span));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_one_line_and_what_is_not_granted_too()
    {
        await using var one = await StartAsync("1");
        await RefusesAsync("the name of a service has 1 to 255 bytes and no control characters", "");
        await RefusesAsync("the name of a service has 1 to 255 bytes and no control characters", "a\nb");
        await RefusesAsync("the name of a service has 1 to 255 bytes and no control characters", new string('x', 256));
        await RefusesAsync("a location has at most 16384 bytes, with 256 for each capability", "s", new string('x', 20_000));
        var failure = await Assert.ThrowsAsync<WetwareException>(() => FindAsync(one, "a\nb"));
        Assert.Equal("the name of a service has 1 to 255 bytes and no control characters", failure.Message);

        var registrations = new List<ServiceRegistration>();
        for (var i = 0; i < Host.Services.Registry.Limits.SessionProvidersMax; i++)
        {
            registrations.Add(await one.Session.Services.ProvideAsync(ServiceLocation.AtAnchor("many", "/x"), cancellation: Limit));
        }

        await RefusesAsync("the session provides 1024 services already", "many");
        Assert.Equal(Host.Services.Registry.Limits.SessionProvidersMax, (await FindAsync(one, "many")).Count);
        registrations.ForEach(registration => registration.Dispose());
        await GoneAsync(one, "many");

        await using var closed = await StartAsync("2", new Guests());
        await using var guest = await ConnectAsync(closed);
        failure = await Assert.ThrowsAsync<WetwareException>(() => guest.Session.Services.ProvideAsync(ServiceLocation.AtAnchor("s", "/x"), cancellation: Limit));
        Assert.Equal("the session grants no registry", failure.Message);

        async Task RefusesAsync(string why, string service, string path = "/x")
        {
            var refused = await Assert.ThrowsAsync<WetwareException>(() => one.Session.Services.ProvideAsync(ServiceLocation.AtAnchor(service, path), cancellation: Limit));
            Assert.Equal(why, refused.Message);
        }
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_counted_and_hides_nobody_else()
    {
        var policy = new Guests { Grant = SessionGrant.All };
        await using var one = await StartAsync("1");
        await using var two = await StartAsync("2", policy, one.Addresses[0].ToString());
        await MeetAsync(one, two);
        using var here = await one.Session.Services.ProvideAsync(ServiceLocation.AtAnchor("s", "/x"), cancellation: Limit);
        using (var whole = one.Session.Services.Find("s"))
        {
            Assert.Single(await whole.ReadAsync(Limit).ToListAsync(Limit));
            Assert.Equal((2, 0), (whole.Nodes, whole.SilentNodes));
        }

        // Node two goes, and nobody has heard of it yet.
        await two.StopAsync(Limit);
        using var search = one.Session.Services.Find("s");
        Assert.Single(await search.ReadAsync(Limit).ToListAsync(Limit));
        Assert.Contains((search.Nodes, search.SilentNodes), ((int, int)[])[(2, 1), (1, 0)]);
    }

    private static async Task<List<FoundProvider>> FindAsync(WetwareNode node, string service)
    {
        using var search = node.Session.Services.Find(service);
        return await search.ReadAsync(Limit).ToListAsync(Limit);
    }

    private static async Task GoneAsync(WetwareNode node, string service)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while ((await FindAsync(node, service)).Count > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static Task<WetwareClient> ConnectAsync(WetwareNode node) => WetwareClient.ConnectAsync([node.Addresses[0].ToString()], WetwareClientOptions.Default, Limit);

    private static async Task MeetAsync(params WetwareNode[] nodes)
    {
        foreach (var node in nodes)
        {
            while (true)
            {
                var next = node.MembersChanged;
                if ((await node.Session.Anchors.ListAsync(cancellation: Limit)).Count == nodes.Length)
                {
                    break;
                }

                await next.WaitAsync(s_patience, Limit);
            }
        }
    }

    private Task<WetwareNode> StartAsync(string name, WetwareNode peer) => StartAsync(name, SessionPolicies.AllowAll, peer.Addresses[0].ToString());

    private Task<WetwareNode> StartAsync(string name, ISessionPolicy? policy = null, params string[] join) => WetwareNode.StartAsync(
        WetwareOptions.Default with { DataFolder = Path.Combine(_folder, name), Join = join, SessionPolicy = policy ?? SessionPolicies.AllowAll },
        cancellation: Limit);

    private sealed class Guests : ISessionPolicy
    {
        public SessionGrant Grant { get; init; } = SessionGrant.Of(ServiceNames.View, ServiceNames.Anchors);

        public SessionGrant Decide(PeerId account) => Grant;
    }
}

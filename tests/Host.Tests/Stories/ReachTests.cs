using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Services.Processes;
using Wetware.Host.Sessions;
using Wetware.Host.Tests.Processes;

namespace Wetware.Host.Tests.Stories;

/// <summary>What a session reaches on other nodes, and what it does not.</summary>
public sealed class ReachTests
{
    private const int SessionMax = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_often_the_session_of_a_node_is_loaded_what_it_runs_there_has_one_budget()
    {
        await using var cluster = await LocalCluster.StartAsync(2, Options(SessionPolicies.AllowAll));
        var (one, two) = (cluster.Nodes[0], cluster.Nodes[1]);
        var running = new List<RemoteProcess>();
        for (var i = 0; i < SessionMax; i++)
        {
            using var value = await one.Session.Anchors.LoadAsync($"/{two.Peer}", Limit);
            running.Add(await value.Session!.Processes.StartAsync(Roms.Worker, new ProcessRequest("spin"), Limit));
        }

        using (var value = await one.Session.Anchors.LoadAsync($"/{two.Peer}", Limit))
        {
            var refused = await Assert.ThrowsAsync<WetwareException>(() => value.Session!.Processes.StartAsync(Roms.Worker, new ProcessRequest("spin"), Limit));
            Assert.Equal($"the session runs {SessionMax} processes already", refused.Message);

            // The way back leads through the same root: it is the asker's own session on its own node.
            using var back = await value.Session!.Anchors.LoadAsync($"/{one.Peer}", Limit);
            Assert.Equal(one.Server, back.Session!.Server);
            using var again = await back.Session.Anchors.LoadAsync($"/{two.Peer}", Limit);
            await Assert.ThrowsAsync<WetwareException>(() => again.Session!.Processes.StartAsync(Roms.Worker, new ProcessRequest("spin"), Limit));
        }

        foreach (var process in running)
        {
            await process.KillAsync(Limit);
            Assert.Equal(ProcessEnding.Killed, (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
            process.Dispose();
        }
    }

    [Fact]
    public async Task Through_another_node_a_session_gets_no_more_than_it_was_granted_itself()
    {
        var policy = new Guests();
        await using var cluster = await LocalCluster.StartAsync(2, Options(policy));
        var (one, two) = (cluster.Nodes[0], cluster.Nodes[1]);
        policy.Allow(one.Peer, two.Peer);
        await using var client = await WetwareClient.ConnectAsync([one.Addresses[0].ToString()], WetwareClientOptions.Default, Limit);
        foreach (var node in new[] { one, two })
        {
            using var value = await client.Session.Anchors.LoadAsync($"/{node.Peer}", Limit);
            Assert.Equal(node.Server, value.Session!.Server);
            Assert.NotEmpty(await value.Session.QueryAsync(Wetware.Protocol.Routing.Query.All, Limit).ToListAsync(Limit));
            await Assert.ThrowsAsync<WetwareException>(() => value.Session.Processes.StartAsync(Roms.Worker, new ProcessRequest("exit", "0"), Limit));
            await Assert.ThrowsAsync<WetwareException>(() => value.Session.Topics.PublishAsync("news", default, Limit));
            await Assert.ThrowsAsync<WetwareException>(() => value.Session.StatusAsync(Limit));
        }
    }

    private static WetwareOptions Options(ISessionPolicy policy) => WetwareOptions.Default with
    {
        SessionPolicy = policy,
        Processes = ProcessOptions.Default with { SessionProcessesMax = SessionMax },
    };

    /// <summary>Grants peers everything, once it is known who they are, and all others a look at the cluster.</summary>
    private sealed class Guests : ISessionPolicy
    {
        private PeerId[]? _peers;

        public void Allow(params PeerId[] peers) => Volatile.Write(ref _peers, peers);

        public SessionGrant Decide(PeerId account) =>
            Volatile.Read(ref _peers)?.Contains(account) ?? true ? SessionGrant.All : SessionGrant.Of(ServiceNames.View, ServiceNames.Anchors);
    }
}

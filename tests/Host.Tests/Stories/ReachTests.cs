using Wetware.Core;
using Wetware.Host.Client;
using Wetware.Host.Sessions;
using Wetware.Host.Tests.Processes;

namespace Wetware.Host.Tests.Stories;

/// <summary>What a session reaches on other nodes, and what it does not.</summary>
public sealed class ReachTests : IDisposable
{
    private const int SessionMax = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task However_often_the_session_of_a_node_is_loaded_what_it_runs_there_has_one_budget()
    {
        await using var one = await StartAsync("1", SessionPolicies.AllowAll);
        await using var two = await StartAsync("2", SessionPolicies.AllowAll, one.Addresses[0].ToString());
        await MeetAsync(one, two);
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
        await using var one = await StartAsync("1", policy);
        await using var two = await StartAsync("2", policy, one.Addresses[0].ToString());
        policy.Allow(one.Peer, two.Peer);
        await MeetAsync(one, two);
        await using var client = await WetwareClient.ConnectAsync([one.Addresses[0].ToString()], WetwareClientOptions.Default, Limit);
        foreach (var node in new[] { one, two })
        {
            using var value = await client.Session.Anchors.LoadAsync($"/{node.Peer}", Limit);
            Assert.Equal(node.Server, value.Session!.Server);
            Assert.NotEmpty(await value.Session.QueryAsync(Wetware.Membership.Routing.Query.All, Limit).ToListAsync(Limit));
            await Assert.ThrowsAsync<WetwareException>(() => value.Session.Processes.StartAsync(Roms.Worker, new ProcessRequest("exit", "0"), Limit));
            await Assert.ThrowsAsync<WetwareException>(() => value.Session.Topics.PublishAsync("news", default, Limit));
            await Assert.ThrowsAsync<WetwareException>(() => value.Session.StatusAsync(Limit));
        }
    }

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

    private Task<WetwareNode> StartAsync(string name, ISessionPolicy policy, params string[] join) => WetwareNode.StartAsync(
        WetwareOptions.Default with
        {
            DataFolder = Path.Combine(_folder, name),
            Join = join,
            SessionPolicy = policy,
            Processes = ProcessOptions.Default with { SessionProcessesMax = SessionMax },
        },
        cancellation: Limit);

    /// <summary>Grants peers everything, once it is known who they are, and all others a look at the cluster.</summary>
    private sealed class Guests : ISessionPolicy
    {
        private PeerId[]? _peers;

        public void Allow(params PeerId[] peers) => Volatile.Write(ref _peers, peers);

        public SessionGrant Decide(PeerId account) =>
            Volatile.Read(ref _peers)?.Contains(account) ?? true ? SessionGrant.All : SessionGrant.View | SessionGrant.Anchors;
    }
}

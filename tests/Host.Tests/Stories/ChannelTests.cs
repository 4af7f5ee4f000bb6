using System.Text;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Sessions;
using Wetware.Host.Storage;

namespace Wetware.Host.Tests.Stories;

/// <summary>Channels between nodes that talk over sockets.</summary>
public sealed class ChannelTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Whoever_finds_a_channel_in_an_anchor_sends_and_receives_from_wherever_it_is()
    {
        await using var one = await StartAsync("1");
        await using var two = await StartAsync("2", one);
        await MeetAsync(one, two);
        await using var client = await ConnectAsync(one);
        var path = $"/{two.Peer}/jobs";
        using (var made = await client.Session.Channels.MakeAtAsync(path, items: 2, cancellation: Limit))
        {
            await made.SendAsync("first"u8.ToArray(), Limit);
            var taken = await Assert.ThrowsAsync<WetwareException>(() => client.Session.Channels.MakeAtAsync(path, cancellation: Limit));
            Assert.Equal($"{path} holds something already", taken.Message);
        }

        using var atTwo = await two.Session.Channels.OpenAsync(path, Limit);
        using var atOne = await one.Session.Channels.OpenAsync(path, Limit);
        await atTwo.SendAsync("second"u8.ToArray(), Limit);
        var third = atTwo.SendAsync("third"u8.ToArray(), Limit);
        Assert.Equal(["first", "second", "third"], [await NextAsync(atOne), await NextAsync(atTwo), await NextAsync(atOne)]);
        await third.WaitAsync(s_patience, Limit);

        // A channel through a channel: the answer comes back to who asked.
        using var answers = await one.Session.Channels.MakeAsync(cancellation: Limit);
        await atOne.SendAsync(answers.Capability, Limit);
        using (var item = await atTwo.ReceiveAsync(Limit).WaitAsync(s_patience, Limit))
        using (var reply = RemoteChannel.From(item.Capability!))
        {
            var sent = reply.SendAsync("the answer"u8.ToArray(), Limit);
            Assert.Equal("the answer", await NextAsync(answers));
            await sent.WaitAsync(s_patience, Limit);
        }

        await atOne.CloseAsync(Limit);
        await Assert.ThrowsAsync<RemoteChannelClosedException>(() => atTwo.ReceiveAsync(Limit));
        await Assert.ThrowsAsync<WetwareException>(() => one.Session.Channels.OpenAsync($"/{two.Peer}/nothing", Limit));
    }

    [Fact]
    public async Task A_receiver_that_goes_away_in_the_middle_of_its_wait_takes_nothing_with_it_over_two_nodes()
    {
        await using var one = await StartAsync("1");
        await using var two = await StartAsync("2", one);
        await MeetAsync(one, two);
        var path = $"/{two.Peer}/jobs";
        using var channel = await two.Session.Channels.MakeAtAsync(path, cancellation: Limit);
        await using var doomed = await ConnectAsync(one);
        using (var far = await doomed.Session.Channels.OpenAsync(path, Limit))
        {
            var first = NextAsync(far);
            await channel.SendAsync("taken"u8.ToArray(), Limit).WaitAsync(s_patience, Limit);
            Assert.Equal("taken", await first);
            var waits = far.ReceiveAsync(Limit);
            await doomed.DisposeAsync();
            await Assert.ThrowsAnyAsync<WetwareException>(() => waits);
        }

        // The node may not yet have heard of it: a value that was handed out in that moment is lost, and said to be.
        using var here = await two.Session.Channels.OpenAsync(path, Limit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        var received = NextAsync(here);
        _ = received.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        var sends = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (true)
            {
                await channel.SendAsync(Encoding.UTF8.GetBytes($"{++sends}"), stop.Token).WaitAsync(s_patience, Limit);
            }
        });
        Assert.Contains(await received, (string[])["1", "2"]);
    }

    [Fact]
    public async Task Who_is_granted_no_channels_makes_none()
    {
        await using var one = await StartAsync("1", new Guests());
        await using var client = await ConnectAsync(one);
        var refused = await Assert.ThrowsAsync<WetwareException>(() => client.Session.Channels.MakeAsync(cancellation: Limit));
        Assert.Equal("the session grants no channels", refused.Message);
        refused = await Assert.ThrowsAsync<WetwareException>(() => client.Session.Channels.MakeAtAsync($"/{one.Peer}/x", cancellation: Limit));
        Assert.Equal("the session grants no channels", refused.Message);
    }

    private static async Task<string> NextAsync(RemoteChannel channel)
    {
        using var item = await channel.ReceiveAsync(Limit).WaitAsync(s_patience, Limit);
        return Encoding.UTF8.GetString(item.Data.Span);
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
        public SessionGrant Decide(PeerId account) => SessionGrant.Of(ServiceNames.View, ServiceNames.Anchors);
    }
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Core.Multiformats;
using Wetware.Host.Membership.Boot;
using Wetware.Host.Storage;
using Wetware.Membership.Boot;

namespace Wetware.Host.Tests.Boot;

/// <summary>Searches over the real loopback interface.</summary>
public sealed class BootLoopTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly Multiaddr s_address = Multiaddr.Parse("/ip4/127.0.0.1/tcp/4242");
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;
    private readonly int _port = FreePort();

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    private string Group => $"/ip4/228.8.8.8/udp/{_port}/multicast/lo";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("/survey")]
    public async Task Whoever_advertises_in_a_group_is_found_there_and_everybody_sees_it(string suffix)
    {
        await using var answering = Start(PeerKey.Create(), "ww", answers: true, Group);
        answering.Advertise([s_address]);
        await using var watch = BootWatch.WatchAsync(Group, Limit).GetAsyncEnumerator(Limit);
        var first = watch.MoveNextAsync();
        var found = await BootFinder.FindAsync([Group + suffix], "ww", s_patience, Limit);
        Assert.StartsWith(s_address.ToString() + "/p2p/Qm", found[0], StringComparison.Ordinal);
        Assert.True(await first);
        Assert.Equal(BootPacketKind.Survey, watch.Current.Packet!.Kind);
        Assert.InRange(watch.Current.Bytes, 150, Wetware.Membership.Limits.BootDatagramBytesMax);
    }

    [Fact]
    public async Task A_crawl_finds_who_answers_at_the_port_of_any_address()
    {
        var target = $"/ip4/127.0.0.0/udp/{_port}/cidr/29";
        await using var answering = Start(PeerKey.Create(), "ww", answers: true, target);
        answering.Advertise([s_address]);
        Assert.NotEmpty(await BootFinder.FindAsync([target], "ww", s_patience, Limit));
    }

    [Fact]
    public async Task Nobody_of_another_namespace_is_found()
    {
        await using var answering = Start(PeerKey.Create(), "other", answers: true, Group);
        answering.Advertise([s_address]);
        var failure = await Assert.ThrowsAsync<WetwareException>(() => BootFinder.FindAsync([Group], "ww", TimeSpan.FromSeconds(1), Limit));
        Assert.Contains("nobody of namespace 'ww' answered within 1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_forged_oversized_and_foreign_answers_are_ignored_and_the_true_one_is_taken()
    {
        using var self = PeerKey.Create();
        using var stranger = PeerKey.Create();
        using var codec = new BootCodec();
        await using var searching = Start(PeerKey.FromPem(self.ToPem()), "ww", answers: false, Group);
        byte[] Response(PeerKey key, string ns, int port) => codec.Seal(
            key, new BootPacket(BootPacketKind.Response, ns, key.Peer, 0, [Multiaddr.Parse($"/ip4/127.0.0.1/tcp/{port}").Bytes.ToArray()]));
        var forged = Response(stranger, "ww", 1);
        forged[^1] ^= 1;
        using var socket = BootSocket.Open(Parse(Group), answers: true);
        foreach (var datagram in new[] { forged, Response(self, "ww", 2), Response(stranger, "other", 3), new byte[3_000], [] })
        {
            socket.Send(datagram, socket.Group!);
        }

        // The true one may be lost like any datagram, so it is sent until it is heard.
        var met = searching.MeetAsync(Limit);
        while (!met.IsCompleted)
        {
            socket.Send(Response(stranger, "ww", 4), socket.Group!);
            await Task.WhenAny(met, Task.Delay(100, Limit));
        }

        await met;
        Assert.Equal([$"/ip4/127.0.0.1/tcp/4/p2p/{stranger.Peer}"], searching.Found.Select(address => address.ToString()));
    }

    [Fact]
    public async Task Three_nodes_that_are_told_nothing_but_where_to_look_form_one_cluster()
    {
        var starting = Enumerable.Range(1, 3).Select(i => WetwareNode.StartAsync(
            WetwareOptions.Default with { DataFolder = Path.Combine(_folder, $"{i}"), Discover = [Group] }, cancellation: Limit)).ToArray();
        var nodes = await Task.WhenAll(starting);
        try
        {
            foreach (var node in nodes)
            {
                await UntilVotersAsync(node, 3);
            }

            // A node answers at the port of its gossip as well.
            Assert.True(nodes[0].Addresses[0].TryFind(MultiaddrProtocol.Tcp, out var tcp));
            var found = await BootFinder.FindAsync([$"/ip4/127.0.0.1/udp/{tcp.Port}"], "ww", s_patience, Limit);
            Assert.Contains(nodes[0].Addresses[0].ToString(), found);
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    [Theory]
    [InlineData("/ip4/10.0.0.0/udp/1/cidr/4", "too wide to crawl")]
    [InlineData("/ip4/10.0.0.1/udp/1/multicast/lo", "not a multicast addr")]
    [InlineData("nonsense", "a multiaddr starts with")]
    public async Task A_target_that_is_none_is_named(string target, string why)
    {
        var failure = await Assert.ThrowsAsync<WetwareOptionsException>(() => BootFinder.FindAsync([target], "ww", s_patience, Limit));
        Assert.Contains(target, failure.Message, StringComparison.Ordinal);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_does_not_exist_is_named_with_those_that_do()
    {
        var failure = await Assert.ThrowsAsync<WetwareException>(() => BootFinder.FindAsync([$"/ip4/228.8.8.8/udp/{_port}/multicast/nosuch"], "ww", s_patience, Limit));
        Assert.Contains("no network interface 'nosuch'; there are lo", failure.Message, StringComparison.Ordinal);
    }

    private static BootLoop Start(PeerKey key, string ns, bool answers, string target)
    {
        var loop = new BootLoop(key, ns, seed: 1, NullLogger.Instance);
        loop.Add(Parse(target), answers);
        loop.Start(static () => true);
        return loop;
    }

    private static BootTarget Parse(string text) => BootTarget.TryParse(text, out var target, out var error) ? target : throw new InvalidOperationException(error);

    private static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }

    private static async Task UntilVotersAsync(WetwareNode node, int count)
    {
        for (var changed = node.GroupsChanged; node.Groups[0].Voters.Length != count; changed = node.GroupsChanged)
        {
            await changed.WaitAsync(s_patience, Limit);
        }
    }
}

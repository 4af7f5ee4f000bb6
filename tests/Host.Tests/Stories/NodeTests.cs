using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Hosting;
using Wetware.Host.Storage;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Host.Tests.Stories;

public sealed class NodeTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Three_nodes_form_a_cluster_and_crawl_a_site_each_page_once()
    {
        await using var site = await SiteAsync(pages: 40);
        await using var one = await StartAsync("1");
        var join = one.Addresses[0].ToString();
        await using var two = await StartAsync("2", join);
        await using var three = await StartAsync("3", join);
        WetwareNode[] nodes = [one, two, three];
        await UntilAsync(nodes, () => Task.FromResult(nodes.All(node => node.Groups[0].Voters.Length == 3)));

        var crawls = two.Session.Crawls;
        var id = await crawls.StartAsync(new CrawlRequest([site.Urls.First() + "/0"]), Limit);
        await UntilAsync([two], async () => (await crawls.StatusAsync(id, Limit)).State == CrawlState.Done);
        var urls = await three.Session.Crawls.ResultsAsync(id, cancellation: Limit).Select(result => result.Item.Url).ToListAsync(Limit);
        Assert.Equal(40, urls.Count);
        Assert.Equal(40, urls.Distinct().Count());
        await UntilAsync(nodes, () => Task.FromResult(nodes.Select(node => node.Groups[0].Digest).Distinct().Count() == 1));
    }

    [Fact]
    public async Task A_node_comes_back_from_its_data_folder_as_the_same_peer_with_all_that_was_acked()
    {
        string peer;
        TopicId topic;
        await using (var node = await StartAsync("a"))
        {
            peer = node.Peer.ToString();
            topic = (await node.Session.Queues.ExecuteAsync(QueueCommand.CreateTopic("t", TopicOptions.Default), Limit)).Topic;
            for (var i = 0; i < 50; i++)
            {
                await node.Session.Queues.ExecuteAsync(QueueCommand.Transact(QueueOperation.Enqueue(topic, Encoding.UTF8.GetBytes($"{i}"))), Limit);
            }
        }

        await using var again = await StartAsync("a");
        Assert.Equal(peer, again.Peer.ToString());
        var answer = await again.Session.Queues.QueryAsync(QueueQuery.Scan(topic, 0, 100), Limit);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), answer.Entries.Select(entry => Encoding.UTF8.GetString(entry.Payload.Span)));
    }

    [Fact]
    public async Task A_peer_that_lost_its_log_takes_the_place_of_its_former_self_as_another_member()
    {
        await using var one = await StartAsync("1");
        var join = one.Addresses[0].ToString();
        await using var two = await StartAsync("2", join);
        string peer;
        NodeId former;
        await using (var three = await StartAsync("3", join))
        {
            WetwareNode[] before = [one, two, three];
            await UntilAsync(before, () => Task.FromResult(before.All(node => node.Groups[0].Voters.Length == 3)));
            (peer, former) = (three.Peer.ToString(), three.Groups[0].Node);
        }

        Directory.Delete(Path.Combine(_folder, "3", "log"), recursive: true);
        await using var again = await StartAsync("3", join);
        WetwareNode[] nodes = [one, two, again];
        await UntilAsync(nodes, () => Task.FromResult(nodes.All(node => node.Groups[0].Voters.Length == 3 && !node.Groups[0].Voters.Contains(former))));
        Assert.Equal(peer, again.Peer.ToString());
        Assert.NotEqual(former, again.Groups[0].Node);
        Assert.Contains(again.Groups[0].Node, one.Groups[0].Voters);
    }

    [Fact]
    public async Task A_data_folder_belongs_to_one_process_at_a_time()
    {
        await using var node = await StartAsync("x");
        var failure = await Assert.ThrowsAsync<StorageException>(() => StartAsync("x"));
        Assert.Contains("another process holds it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_cannot_be_joined_is_named()
    {
        var failure = await Assert.ThrowsAsync<WetwareException>(() => StartAsync("y", "/ip4/127.0.0.1/tcp/1"));
        Assert.StartsWith("cannot join: cannot connect to /ip4/127.0.0.1/tcp/1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddWetware_runs_a_node_with_the_host()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddWetware(options => options with { DataFolder = Path.Combine(_folder, "di") });
        using var host = builder.Build();
        await host.StartAsync(Limit);
        var session = host.Services.GetRequiredService<WetwareSession>();
        await UntilAsync([host.Services.GetRequiredService<WetwareNode>()], async () => (await session.StatusAsync(Limit))[0].IsLeader);
        await host.StopAsync(Limit);
        Assert.True(host.Services.GetRequiredService<WetwareNode>().Completion.IsCompletedSuccessfully);
    }

    private Task<WetwareNode> StartAsync(string name, params string[] join) => WetwareNode.StartAsync(
        WetwareOptions.Default with { DataFolder = Path.Combine(_folder, name), Join = join }, cancellation: Limit);

    private static async Task<WebApplication> SiteAsync(int pages)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapGet("/{page:int}", (int page) => page < pages
            ? Results.Text($"<a href='/{((page * 2) + 1) % pages}'>a</a><a href='/{((page * 2) + 2) % pages}'>b</a>", "text/html")
            : Results.NotFound());
        await app.StartAsync(Limit);
        return app;
    }

    /// <summary>Waits for something that can become true only when one of some nodes has taken a step.</summary>
    private static async Task UntilAsync(WetwareNode[] nodes, Func<Task<bool>> holds)
    {
        while (true)
        {
            var changes = nodes.Select(node => node.GroupsChanged).ToArray();
            if (await holds())
            {
                return;
            }

            await Task.WhenAny(changes).WaitAsync(s_patience, Limit);
        }
    }
}

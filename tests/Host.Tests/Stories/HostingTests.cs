using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Hosting;

namespace Wetware.Host.Tests.Stories;

/// <summary>A node, or a client, in a host with dependency injection.</summary>
public sealed class HostingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-hosting-").FullName;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_section_of_the_configuration_sets_the_options_up()
    {
        var builder = Builder(new()
        {
            ["Wetware:DataFolder"] = Path.Combine(_folder, "a"),
            ["Wetware:Listen:0"] = "/unix" + Path.Combine(_folder, "s"),
            ["Wetware:Meta:region"] = "north",
            ["Wetware:ElectionTicks"] = "7",
            ["Wetware:HeartbeatTtl"] = "00:00:20",
            ["Wetware:Processes:MemoryBytesMax"] = "1048576",
        });
        var seen = WetwareOptions.Default;
        builder.Services.AddWetware(builder.Configuration.GetSection("Wetware"), options => seen = options);
        Assert.Equal(["/unix" + Path.Combine(_folder, "s")], seen.Listen);
        Assert.Equal((7, TimeSpan.FromSeconds(20), "north", 1 << 20), (seen.ElectionTicks, seen.HeartbeatTtl, seen.Meta["region"], (int)seen.Processes.MemoryBytesMax));
        using var host = builder.Build();
        await host.StartAsync(Limit);
        Assert.Single(host.Services.GetRequiredService<WetwareNode>().Addresses);
        await host.StopAsync(Limit);
        // The defaults are shared: a section must not have changed them.
        Assert.NotEqual(seen.Listen, WetwareOptions.Default.Listen);
        Assert.Empty(WetwareOptions.Default.Meta);
    }

    [Theory]
    [InlineData("Wetware:Lissten:0", "/ip4/127.0.0.1/tcp/0", "Lissten")]
    [InlineData("Wetware:ElectionTicks", "many", "ElectionTicks")]
    [InlineData("Wetware:Listen:0", "nowhere", "nowhere")]
    public void What_a_section_gets_wrong_is_named(string key, string value, string named)
    {
        var builder = Builder(new() { [key] = value });
        var failure = Assert.Throws<WetwareOptionsException>(() => builder.Services.AddWetware(builder.Configuration.GetSection("Wetware")));
        Assert.Equal(FailureReason.Invalid, failure.Reason);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Other_services_help_to_set_the_options_up_and_are_asked_when_the_host_starts()
    {
        var builder = Builder([]);
        builder.Services.AddSingleton(new Folder(Path.Combine(_folder, "b")));
        builder.Services.AddWetware((provider, options) => options with { DataFolder = provider.GetRequiredService<Folder>().Path });
        using var host = builder.Build();
        Assert.False(Directory.Exists(Path.Combine(_folder, "b")));
        await host.StartAsync(Limit);
        Assert.True(Directory.Exists(Path.Combine(_folder, "b")));
        await host.StopAsync(Limit);
    }

    [Fact]
    public void A_second_call_is_refused_with_advice()
    {
        var services = new ServiceCollection();
        services.AddWetware();
        Assert.Contains("WetwareNode.StartAsync", Assert.Throws<InvalidOperationException>(() => services.AddWetware()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => services.AddWetwareClient(["/ip4/127.0.0.1/tcp/1"]));
        Assert.Throws<WetwareOptionsException>(() => new ServiceCollection().AddWetwareClient([]));
    }

    [Fact]
    public async Task A_client_connects_and_closes_with_the_host()
    {
        await using var node = await WetwareNode.StartAsync(WetwareOptions.Default with { DataFolder = Path.Combine(_folder, "c") }, cancellation: Limit);
        var builder = Builder([]);
        builder.Services.AddWetwareClient([node.Addresses[0].ToString()]);
        using var host = builder.Build();
        Assert.Contains("when the host starts", Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<WetwareSession>()).Message, StringComparison.Ordinal);
        await host.StartAsync(Limit);
        Assert.Equal(node.Peer, host.Services.GetRequiredService<WetwareSession>().Peer);
        var client = host.Services.GetRequiredService<WetwareClient>();
        await host.StopAsync(Limit);
        await client.Closed.WaitAsync(Limit);
    }

    private static HostApplicationBuilder Builder(Dictionary<string, string?> settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddLogging();
        return builder;
    }

    private sealed record Folder(string Path);
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Core.Multiformats;
using Wetware.Host.Storage;
using Wetware.Membership.Gossip;
using Wetware.Membership.Routing;

namespace Wetware.Host.Tests.Membership;

/// <summary>What a node writes down of the peers it knows.</summary>
public sealed class PeersFileTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_node_writes_down_whom_it_knows_for_itself_alone_to_read_and_remembers_who_left()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "1")).FullName;
        using var watcher = new FileSystemWatcher(data, "peers") { EnableRaisingEvents = true };
        var file = Path.Combine(data, "peers");
        Multiaddr two;
        await using (var one = await StartAsync("1"))
        {
            await using var twoStarted = await StartAsync("2", null, one.Addresses[0].ToString());
            two = twoStarted.Addresses[0];
            await KnownAsync(watcher, file, two);

        }

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Contains(two, Known(file));
    }

    [Fact]
    public async Task A_damaged_file_is_named_in_one_warning_and_does_no_harm()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "1")).FullName, "peers");
        await File.WriteAllBytesAsync(file, "ww-pex\r\nnot what it was"u8.ToArray(), Limit);
        using var logs = new Warnings();
        await using var node = await StartAsync("1", logs);
        Assert.Equal($"{file}, the peers of the last start, cannot be used: wrong checksum; going on without them", Assert.Single(logs.Lines));
    }

    private Task<WetwareNode> StartAsync(string name, ILoggerFactory? logs = null, params string[] join) =>
        WetwareNode.StartAsync(WetwareOptions.Default with { DataFolder = Path.Combine(_folder, name), Join = join }, logs, Limit);

    private static IReadOnlyList<Multiaddr> Known(string file)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        using var key = PeerKey.Create();
        var identity = new GossipIdentity { Key = key, Namespace = "ww", Server = new ServerId(1), Profile = Profile.Create(key.Peer, "", [], []), FirstSeq = 1 };
        using var endpoint = new GossipEndpoint(identity, GossipOptions.Default, seed: 1, now: 0);
        Assert.True(endpoint.TryRemember(File.ReadAllBytes(file), out var addresses, out var error), error);
        return addresses;
    }

    /// <summary>Waits until a file that is replaced now and then names an address.</summary>
    private static async Task KnownAsync(FileSystemWatcher watcher, string file, Multiaddr address)
    {
        using var changes = new SemaphoreSlim(0);
        RenamedEventHandler handler = (_, _) => changes.Release();
        watcher.Renamed += handler;
        while (!Known(file).Contains(address))
        {
            Assert.True(await changes.WaitAsync(s_patience, Limit), "nothing was written");
        }

        watcher.Renamed -= handler;
    }

    private sealed class Warnings : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}

using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Client;
using Wetware.Client.Identity;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Core.Multiformats;
using Wetware.Host.Consensus;
using Wetware.Host.Membership;
using Wetware.Host.Net;
using Wetware.Host.Storage;

namespace Wetware.Host;

/// <summary>
/// A peer of a Wetware cluster, running in this process. Start it, use its <see cref="Session"/>, stop it. Safe for
/// concurrent use. If something that it cannot go on without fails, such as its disk, <see cref="Completion"/> fails.
/// </summary>
/// <remarks>
/// It owns its data folder, its key, its connections to peers, and three stacks. They start in this order, each on those before it, and stop in reverse:
/// membership (listeners, gossip, search for peers), consensus (log, Raft groups, queue machine), services (sessions, programs, crawls). Connections are
/// accepted once all three stand.
/// </remarks>
public sealed class WetwareNode : IAsyncDisposable
{
    private readonly WetwareOptions _options;
    private readonly ILogger _logger;
    private readonly DataFolder _folder;
    private readonly PeerKey _key;
    private readonly IChannelSecurity _security;
    private readonly Dialer _dialer;
    private readonly PeerPool _pool;
    private readonly MembershipStack _membership;
    private readonly ServiceStack _services;
    private readonly List<Task> _tasks = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConsensusStack? _consensus;
    private int _isStopping;

    private WetwareNode(WetwareOptions options, DataFolder folder, PeerKey key, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _folder = folder;
        _key = key;
        _security = Dialer.NewSecurity(key, options.Namespace, options.Insecure);
        _dialer = new Dialer(key, options.Namespace, _security, options.DialTimeout);
        _pool = new PeerPool(_dialer, logger);
        _membership = new MembershipStack(options, folder, key, logger);
        _services = new ServiceStack(options, (topic, data) => _membership.Gossip.PublishAsync(topic, data), logger);
        Server = new ServerId(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
    }

    /// <summary>Who this peer is; the same over restarts with the same data folder.</summary>
    public PeerId Peer => _key.Peer;

    /// <summary>This start of it.</summary>
    public ServerId Server { get; }

    /// <summary>Where it can be dialled.</summary>
    public IReadOnlyList<Multiaddr> Addresses => _membership.Addresses;

    /// <summary>Everything that this node can do for the program that embeds it.</summary>
    public WetwareSession Session => _services.Session;

    /// <summary>Completes when the node has stopped; fails if it stopped by itself.</summary>
    public Task Completion => _completion.Task;

    /// <summary>What this node knows of its Raft groups.</summary>
    public IReadOnlyList<Protocol.GroupStatus> Groups => [.. Consensus.Loop.Status];

    /// <summary>
    /// Completes when <see cref="Groups"/> next changes. To wait for something, take this first, then look, then await it, and begin again.
    /// </summary>
    public Task GroupsChanged => Consensus.Group.Changed;

    /// <summary>Completes when this node next learns something new of who is there; to be used as <see cref="GroupsChanged"/> is.</summary>
    public Task MembersChanged => _membership.Gossip.Table.Changed;

    /// <summary>There once the node has started.</summary>
    private ConsensusStack Consensus => _consensus!;

    /// <summary>Starts a node. When it returns, the node listens, and its log is recovered; it may still be joining.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="logs">Where it logs; nowhere if null.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="WetwareOptionsException">An option cannot work.</exception>
    /// <exception cref="StorageException">The data folder cannot be used.</exception>
    /// <exception cref="WetwareException">An address is taken, or, on the first start, none of those to join answers.</exception>
    public static async Task<WetwareNode> StartAsync(WetwareOptions options, ILoggerFactory? logs = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var logger = (logs ?? NullLoggerFactory.Instance).CreateLogger("Wetware");
        var folder = DataFolder.Open(options.DataFolder);
        WetwareNode? node = null;
        try
        {
            node = new WetwareNode(options, folder, IdentityFile.LoadOrCreate(options.IdentityFile ?? folder.IdentityFile), logger);
            await node.RunAsync(cancellation).ConfigureAwait(false);
            return node;
        }
        catch (Exception failure)
        {
            if (failure is not OperationCanceledException)
            {
                // Whoever breaks off may have been heard already; a node that could not start has told nobody who it is.
                folder.ForgetNew();
            }

            if (node is null)
            {
                folder.Dispose();
            }
            else
            {
                await node.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Stops gracefully: says goodbye, lets work under way end, closes the log.</summary>
    /// <param name="cancellation">Cuts the grace short.</param>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (Interlocked.Exchange(ref _isStopping, 1) == 0)
        {
            await ShutDownAsync(cancellation).ConfigureAwait(false);
            Log.Stopped(_logger);
            _completion.TrySetResult();
        }

        await _completion.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Stops the node.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    private async Task RunAsync(CancellationToken cancellation)
    {
        if (_options.Insecure)
        {
            Log.PlainText(_logger);
        }

        _membership.Listen();
        _membership.Start(_key, Server, _pool, _services.Deliver);
        _consensus = await ConsensusStack.StartAsync(
            _options, () => _membership.FoundsAsync(cancellation), _folder.LogFolder, Peer, Addresses, Server, _pool, _membership.Find, _logger).ConfigureAwait(false);
        _membership.Advertise();
        _services.Open(Peer, Server, _consensus, _membership, _pool);
        Log.Started(_logger, Peer.ToString(), Server.ToString(), _folder.FullPath);
        foreach (var listener in _membership.Listeners)
        {
            _tasks.Add(new ConnectionServer(listener, _security, _services.NewTerminal, _logger).RunAsync(_stop.Token));
        }

        await JoinAsync(_consensus, cancellation).ConfigureAwait(false);
        _services.StartCrawls();
        _tasks.Add(_membership.FollowAsync(_stop.Token));
        _ = WatchAsync(_consensus.Loop.Ended);
        _ = WatchAsync(_membership.Gossip.Ended);
    }

    private async Task JoinAsync(ConsensusStack consensus, CancellationToken cancellation)
    {
        var joiner = new MemberJoiner(consensus.Group, consensus.Self, _dialer, _logger);
        if (consensus.IsFresh && _membership.Told.Any())
        {
            // The first time the user must learn that the address is wrong; later the node waits for its peers.
            await joiner.MeetAsync([.. _membership.Told], AddressesOf, _options.JoinTimeout, cancellation).ConfigureAwait(false);
        }

        if (consensus.IsFresh)
        {
            _tasks.Add(joiner.RunAsync(() => _membership.Known, AddressesOf, _stop.Token));
        }

        IReadOnlyList<Multiaddr> AddressesOf(NodeId node) => _membership.Find(node, consensus.Group.Directory)?.Addresses ?? [];
    }

    private async Task WatchAsync(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _completion.TrySetException(failure);
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task ShutDownAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.StopTimeout);
        await _services.DrainAsync(limit.Token).ConfigureAwait(false);
        if (_consensus is not null)
        {
            await _consensus.HandOverAsync().WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _membership.DisposeAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
        _consensus?.Dispose();
        await _pool.DisposeAsync().ConfigureAwait(false);
        _security.Dispose();
        _key.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }
}

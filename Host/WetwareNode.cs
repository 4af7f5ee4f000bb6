using System.Net;
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
using Wetware.Host.Services.Anchors;
using Wetware.Host.Services.Channels;
using Wetware.Host.Services.Crawling;
using Wetware.Host.Services.Extra;
using Wetware.Host.Services.Members;
using Wetware.Host.Services.Processes;
using Wetware.Host.Services.PubSub;
using Wetware.Host.Services.Queues;
using Wetware.Host.Services.Registry;
using Wetware.Host.Services.View;
using Wetware.Host.Sessions;
using Wetware.Host.Storage;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host;

/// <summary>
/// A peer of a Wetware cluster, running in this process. Start it, use its <see cref="Session"/>, stop it. Safe for
/// concurrent use. If something that it cannot go on without fails, such as its disk, <see cref="Completion"/> fails.
/// </summary>
public sealed class WetwareNode : IAsyncDisposable
{
    private readonly WetwareOptions _options;
    private readonly ILogger _logger;
    private readonly DataFolder _folder;
    private readonly PeerKey _key;
    private readonly List<Task> _tasks = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IChannelSecurity _security;
    private readonly Dialer _dialer;
    private readonly PeerPool _pool;
    private readonly BytecodeStore _bytecode;
    private readonly ProcessTable _processes;
    private readonly MembershipStack _membership;
    private ConsensusStack _consensus = null!;
    private CrawlRunner _crawls = null!;
    private NodeServices _services = null!;
    private readonly TopicHub _topics;
    private HeldSession? _own;
    private int _isStopping;

    private WetwareNode(WetwareOptions options, DataFolder folder, PeerKey key, ILogger logger)
    {
        _options = options;
        _folder = folder;
        _key = key;
        _logger = logger;
        _security = Dialer.NewSecurity(key, options.Namespace, options.Insecure);
        _dialer = new Dialer(key, options.Namespace, _security, options.DialTimeout);
        _pool = new PeerPool(_dialer, logger);
        _bytecode = new BytecodeStore(options.Processes);
        _processes = new ProcessTable(options.Processes, logger);
        _membership = new MembershipStack(options, folder, key, logger);
        _topics = new TopicHub((topic, data) => _membership.Gossip.PublishAsync(topic, data));
        Server = new ServerId(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
    }

    /// <summary>Who this peer is; the same over restarts with the same data folder.</summary>
    public PeerId Peer => _key.Peer;

    /// <summary>This start of it.</summary>
    public ServerId Server { get; }

    /// <summary>Where it can be dialled.</summary>
    public IReadOnlyList<Multiaddr> Addresses => _membership.Addresses;

    /// <summary>Everything that this node can do for the program that embeds it.</summary>
    public WetwareSession Session { get; private set; } = null!;

    /// <summary>Completes when the node has stopped; fails if it stopped by itself.</summary>
    public Task Completion => _completion.Task;

    /// <summary>What this node knows of its Raft groups.</summary>
    public IReadOnlyList<Protocol.GroupStatus> Groups => [.. _consensus.Loop.Status];

    /// <summary>
    /// Completes when <see cref="Groups"/> next changes. To wait for something, take this first, then look, then await it, and begin again.
    /// </summary>
    public Task GroupsChanged => _consensus.Group.Changed;

    /// <summary>Completes when this node next learns something new of who is there; to be used as <see cref="GroupsChanged"/> is.</summary>
    public Task MembersChanged => _membership.Gossip.Table.Changed;

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
        _membership.Start(_key, Server, _pool, _topics.Deliver);
        _consensus = await ConsensusStack.StartAsync(
            _options, () => _membership.FoundsAsync(cancellation), _folder.LogFolder, Peer, Addresses, Server, _pool, _membership.Find, _logger).ConfigureAwait(false);
        _membership.Advertise();
        StartServices();
        Log.Started(_logger, Peer.ToString(), Server.ToString(), _folder.FullPath);
        foreach (var listener in _membership.Listeners)
        {
            _tasks.Add(new ConnectionServer(listener, _security, NewTerminal, _logger).RunAsync(_stop.Token));
        }

        await JoinAsync(cancellation).ConfigureAwait(false);
        _crawls.Start();
        _tasks.Add(_membership.FollowAsync(_stop.Token));
        _ = WatchAsync(_consensus.Loop.Ended);
        _ = WatchAsync(_membership.Gossip.Ended);
    }

    private void StartServices()
    {
        var node = new LocalNode(Peer, Server, _options.Namespace, Dns.GetHostName());
        var hosts = new ClusterHosts(Peer, _membership.Gossip.Table, _pool);
        var proposer = new Proposer(_consensus.Loop, _consensus.Group, _pool, Find, _options.ProposalTimeout);
        var queues = new QueueSession((command, stop) => proposer.ProposeAsync(command, stop), TimeProvider.System);
        var book = new CrawlBook(
            queues,
            (query, isLinear) => isLinear ? proposer.QueryAsync(query, _consensus.Machine) : proposer.QueryLocalAsync(query, _consensus.Machine));
        _crawls = new CrawlRunner(book, () => _consensus.Group.Changed, queues, new RomLoader(book, _bytecode, _processes, _options.Processes.ItemTimeMax), _logger);

        // Anchors lead to sessions, so they come after all that a session holds.
        NodeServices services = null!;
        services = new NodeServices(
            node,
            [
                new ViewService(_membership.Gossip.Table),
                new QueuesService(proposer, _consensus.Machine),
                new CrawlsService(book, _bytecode),
                new MembersService(
                    new ConsensusServer(_consensus.Loop, _consensus.Snapshots, _consensus.Self.Node, _options.ProposalTimeout), new GossipServer(_membership.Gossip)),
                new ProcessesService(_processes, _bytecode),
                new PubSubService(_topics, _options.PublishesPerSecondMax),
                new ChannelsService(),
                new RegistryService(hosts),
                new ExtraServices(_options.Services),
                new AnchorsService(hosts, () => services),
            ]);
        _services = services;
        using var own = services.Open(Peer, SessionGrant.All);
        _own = HeldSession.Make(own.Write);
        Session = new WetwareSession(_own);
    }

    private Capability NewTerminal(SecuredChannel channel) =>
        Terminal.Client.Serve(new TerminalServer(_services, _options.SessionPolicy, channel.Binding, _logger)).Capability;

    private async Task JoinAsync(CancellationToken cancellation)
    {
        var joiner = new MemberJoiner(_consensus.Group, _consensus.Self, _dialer, _logger);
        if (_consensus.IsFresh && _membership.Told.Any())
        {
            // The first time the user must learn that the address is wrong; later the node waits for its peers.
            await joiner.MeetAsync([.. _membership.Told], AddressesOf, _options.JoinTimeout, cancellation).ConfigureAwait(false);
        }

        if (_consensus.IsFresh)
        {
            _tasks.Add(joiner.RunAsync(() => _membership.Known, AddressesOf, _stop.Token));
        }
    }

    private IReadOnlyList<Multiaddr> AddressesOf(NodeId node) => Find(node)?.Addresses ?? [];

    private (PeerId Peer, IReadOnlyList<Multiaddr> Addresses)? Find(NodeId node) => _membership.Find(node, _consensus.Group.Directory);

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
        if (_crawls is not null)
        {
            await _crawls.DisposeAsync().AsTask().WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _processes.DisposeAsync().AsTask().WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_consensus is not null)
        {
            await _consensus.HandOverAsync().WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _membership.DisposeAsync().ConfigureAwait(false);
        _own?.Dispose();
        if (_services is not null)
        {
            await _services.DisposeAsync().ConfigureAwait(false);
        }

        _consensus?.Dispose();
        await _pool.DisposeAsync().ConfigureAwait(false);
        _security.Dispose();
        _key.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }
}

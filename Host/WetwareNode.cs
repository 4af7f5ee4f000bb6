using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Anchors;
using Wetware.Host.Boot;
using Wetware.Host.Client;
using Wetware.Host.Consensus;
using Wetware.Host.Crawling;
using Wetware.Host.Membership;
using Wetware.Host.Net;
using Wetware.Host.Processes;
using Wetware.Host.Protocol;
using Wetware.Host.PubSub;
using Wetware.Host.Queues;
using Wetware.Host.Sessions;
using Wetware.Host.Storage;
using Wetware.Membership.Boot;
using Wetware.Membership.Gossip;
using Wetware.Membership.Identity;
using Wetware.Membership.Routing;
using Wetware.Rpc;

namespace Wetware.Host;

/// <summary>
/// A peer of a Wetware cluster, running in this process. Start it, use its <see cref="Session"/>, stop it. Safe for
/// concurrent use. If something that it cannot go on without fails, such as its disk, <see cref="Completion"/> fails.
/// </summary>
public sealed class WetwareNode : IAsyncDisposable
{
    private static readonly TimeSpan s_follow = TimeSpan.FromSeconds(5);
    private readonly WetwareOptions _options;
    private readonly ILogger _logger;
    private readonly DataFolder _folder;
    private readonly PeerKey _key;
    private readonly List<ListenerPair> _listeners = [];
    private readonly List<Task> _tasks = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IChannelSecurity _security;
    private readonly Dialer _dialer;
    private readonly PeerPool _pool;
    private readonly BytecodeStore _bytecode;
    private readonly ProcessTable _processes;
    private readonly BootLoop _boot;
    private GossipLoop _gossip = null!;
    private IReadOnlyList<Multiaddr> _remembered = [];
    private ConsensusStack _consensus = null!;
    private CrawlRunner _crawls = null!;
    private NodeServices _services = null!;
    private readonly TopicHub _topics;
    private SessionCapabilities? _own;
    private Anchor.Client _anchor;
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
        _topics = new TopicHub((topic, data) => _gossip.PublishAsync(topic, data));
        // Keys are used by one thread at a time: the search has its own.
        _boot = new BootLoop(PeerKey.FromPem(key.ToPem()), options.Namespace, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))), logger);
        Server = new ServerId(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
    }

    /// <summary>Who this peer is; the same over restarts with the same data folder.</summary>
    public PeerId Peer => _key.Peer;

    /// <summary>This start of it.</summary>
    public ServerId Server { get; }

    /// <summary>Where it can be dialled.</summary>
    public IReadOnlyList<Multiaddr> Addresses { get; private set; } = [];

    /// <summary>Everything that this node can do for the program that embeds it.</summary>
    public WetwareSession Session { get; private set; } = null!;

    /// <summary>Completes when the node has stopped; fails if it stopped by itself.</summary>
    public Task Completion => _completion.Task;

    /// <summary>What this node knows of its Raft groups.</summary>
    public IReadOnlyList<Consensus.GroupStatus> Groups => [.. _consensus.Loop.Status];

    /// <summary>
    /// Completes when <see cref="Groups"/> next changes. To wait for something, take this first, then look, then await it, and begin again.
    /// </summary>
    public Task GroupsChanged => _consensus.Group.Changed;

    /// <summary>Completes when this node next learns something new of who is there; to be used as <see cref="GroupsChanged"/> is.</summary>
    public Task MembersChanged => _gossip.Table.Changed;

    /// <summary>Starts a node. When it returns, the node listens, and its log is recovered; it may still be joining.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="logs">Where it logs; nowhere if null.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="WetwareOptionsException">An option cannot work.</exception>
    /// <exception cref="DataFolderException">The data folder cannot be used.</exception>
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
            HostLog.Stopped(_logger);
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
            HostLog.PlainText(_logger);
        }

        Listen();
        StartGossip();
        _consensus = await ConsensusStack.StartAsync(_options, () => FoundsAsync(cancellation), _folder.LogFolder, Peer, Addresses, Server, _pool, Find, _logger).ConfigureAwait(false);
        _boot.Advertise(Addresses);
        StartServices();
        HostLog.Started(_logger, Peer.ToString(), Server.ToString(), _folder.FullPath);
        foreach (var listener in _listeners)
        {
            _tasks.Add(new ConnectionServer(listener.Connections, _security, NewTerminal, _logger).RunAsync(_stop.Token));
        }

        await JoinAsync(cancellation).ConfigureAwait(false);
        _crawls.Start();
        _tasks.Add(FollowAsync());
        _ = WatchAsync(_consensus.Loop.Ended);
        _ = WatchAsync(_gossip.Ended);
    }

    private void Listen()
    {
        foreach (var text in _options.Listen)
        {
            _listeners.Add(ListenerPair.Listen(text, Endpoints.ToEndPoint(Endpoints.ParseListen(text))!, ListenerPair.BindDatagrams));
        }

        Addresses = Announced();
        foreach (var address in Addresses)
        {
            HostLog.Listening(_logger, address.ToString());
        }
    }

    private List<Multiaddr> Announced() => [.. _listeners.SelectMany(listener => LocalAddresses.Announced(listener.Connections.EndPoint, Peer))];

    private Profile MakeProfile()
    {
        try
        {
            return Profile.Create(Peer, Dns.GetHostName(), [.. _options.Meta.Select(pair => $"{pair.Key}={pair.Value}")], Addresses);
        }
        catch (ArgumentException failure)
        {
            throw new WetwareOptionsException("Meta: " + failure.Message.Split(" (Parameter")[0]);
        }
    }

    private void StartGossip()
    {
        var identity = new GossipIdentity
        {
            Key = _key,
            Namespace = _options.Namespace,
            Server = Server,
            Profile = MakeProfile(),
            TtlMs = (uint)_options.HeartbeatTtl.TotalMilliseconds,
            FirstSeq = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000,
        };
        _gossip = new GossipLoop(identity, GossipOptions.Default, Server.Value, _pool, _logger);
        foreach (var listener in _listeners)
        {
            if (listener.TakeDatagrams() is { } datagrams)
            {
                _gossip.Add(datagrams);
            }
        }

        foreach (var text in _options.Discover)
        {
            Invariant.Check(BootTarget.TryParse(text, out var target, out _));
            _boot.Add(target!, answers: true);
        }

        Remember();
        _gossip.Delivered = _topics.Deliver;
        _gossip.Start(Told(), _boot);
        _boot.WhenFound = _gossip.AddSeed;
        _boot.Start(() => _gossip.IsAlone);
    }

    /// <summary>Those that this node was told of: they are known to be there.</summary>
    private IEnumerable<Multiaddr> Told() => _options.Join.Select(Endpoints.ParseDial).Concat(_boot.Told);

    /// <summary>Takes up what was remembered of peers, if that is in order: nobody depends on it.</summary>
    private void Remember()
    {
        if (_folder.LoadPeers(out var error) is { } peers)
        {
            _remembered = _gossip.Remember(peers, out error);
        }

        if (error is not null)
        {
            HostLog.PeersNotLoaded(_logger, _folder.PeersFile, error);
        }
    }

    /// <summary>Whether a node that was never a member founds a cluster: not if it was told of peers, or finds some.</summary>
    private async Task<bool> FoundsAsync(CancellationToken cancellation)
    {
        if (Told().Any())
        {
            return false;
        }

        if (!_boot.IsSearching)
        {
            return true;
        }

        HostLog.Searching(_logger);
        var founds = await _boot.DecideFoundingAsync(cancellation).ConfigureAwait(false);
        // Others may be waiting for this node to go first: they need an answer before the log is on the disk.
        _boot.Advertise(Addresses);
        return founds;
    }

    private void StartServices()
    {
        var proposer = new Proposer(_consensus.Loop, _consensus.Group, _pool, node => Find(node, _consensus.Group.Directory), _options.ProposalTimeout);
        var session = new QueueSession((command, stop) => proposer.ProposeAsync(command, stop), TimeProvider.System);
        var book = new CrawlBook(
            session,
            (query, isLinear) => isLinear ? proposer.QueryAsync(query, _consensus.Machine) : proposer.QueryLocalAsync(query, _consensus.Machine));
        _crawls = new CrawlRunner(book, () => _consensus.Group.Changed, session, new RomLoader(book, _bytecode, _processes, _options.Processes.ItemTimeMax), _logger);
        _services = new NodeServices
        {
            Peer = Peer,
            Server = Server,
            Namespace = _options.Namespace,
            HostName = Dns.GetHostName(),
            View = View.Client.Serve(new ViewServer(_gossip.Table)),
            Queue = QueueService.Client.Serve(new QueueServer(proposer, _consensus.Machine)),
            Crawler = CrawlService.Client.Serve(new CrawlServer(book, _bytecode)),
            Consensus = Protocol.Consensus.Client.Serve(new ConsensusServer(_consensus.Loop, _consensus.Snapshots, _consensus.Self.Node, _options.ProposalTimeout)),
            Gossip = Gossip.Client.Serve(new GossipServer(_gossip)),
            Anchors = new AnchorTree(),
            Hosts = new ClusterHosts(Peer, _gossip, _pool),
            NewSession = NewSession,
        };
        _own = NewSession();
        _anchor = AnchorScope.NewRoot(_services, SessionGrant.All, _own);
        Session = new WetwareSession(
            Peer, Server, _services.View, _services.Queue, _services.Crawler, _services.Consensus, _own.Executor, _own.Topics, _anchor);
    }

    private SessionCapabilities NewSession() => new(_processes, _bytecode, _topics, _options.PublishesPerSecondMax);

    private Capability NewTerminal(SecuredChannel channel) =>
        Terminal.Client.Serve(new TerminalServer(_services, _options.SessionPolicy, channel.Binding, _logger)).Capability;

    private async Task JoinAsync(CancellationToken cancellation)
    {
        var joiner = new MemberJoiner(_consensus.Group, _consensus.Self, _dialer, _logger);
        if (_consensus.IsFresh && Told().Any())
        {
            // The first time the user must learn that the address is wrong; later the node waits for its peers.
            await joiner.MeetAsync([.. Told()], AddressesOf, _options.JoinTimeout, cancellation).ConfigureAwait(false);
        }

        if (_consensus.IsFresh)
        {
            _tasks.Add(joiner.RunAsync(() => Told().Concat(_remembered).Concat(_boot.Found).Concat(_gossip.KnownAddresses()), AddressesOf, _stop.Token));
        }
    }

    private IReadOnlyList<Multiaddr> AddressesOf(NodeId node) => Find(node, _consensus.Group.Directory)?.Addresses ?? [];

    /// <summary>Who a member is, and where: what it says of itself now, or else what it said when it joined.</summary>
    private (PeerId Peer, IReadOnlyList<Multiaddr> Addresses)? Find(NodeId node, MemberDirectory directory)
    {
        var member = directory.Find(node);
        if (member is not null)
        {
            return _gossip.TryFind(member.Peer, out var record)
                ? (member.Peer, [.. record.Profile.Addresses])
                : (member.Peer, member.Addresses);
        }

        return _gossip.TryFind(node, out var unknown) ? (unknown.Peer, [.. unknown.Profile.Addresses]) : null;
    }

    /// <summary>Writes down, every few seconds, whom the node remembers, and looks whether its addresses have changed.</summary>
    private async Task FollowAsync()
    {
        var watch = new AddressWatch(Announced, Announce);
        var saved = Array.Empty<byte>();
        using var timer = new PeriodicTimer(s_follow);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                watch.Look();
                saved = SavePeers(saved);
            }
        }
        catch (OperationCanceledException)
        {
            // The node is stopping, and saves once more when its membership has ended.
        }
    }

    private void Announce(IReadOnlyList<Multiaddr> addresses)
    {
        Addresses = addresses;
        HostLog.AddressesChanged(_logger, string.Join(' ', addresses));
        _gossip.Say(MakeProfile());
        _boot.Advertise(addresses);
    }

    private byte[] SavePeers(byte[] saved)
    {
        var peers = _gossip.Remembered;
        try
        {
            if (!peers.AsSpan().SequenceEqual(saved))
            {
                _folder.SavePeers(peers);
            }

            return peers;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            HostLog.PeersNotSaved(_logger, failure.Message);
            return saved;
        }
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
        _listeners.ForEach(listener => listener.Dispose());
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_gossip is not null)
        {
            await _gossip.DisposeAsync().ConfigureAwait(false);
            SavePeers([]);
        }

        _anchor.Capability?.Dispose();
        _own?.Dispose();
        await _boot.DisposeAsync().ConfigureAwait(false);
        _services?.Dispose();
        _consensus?.Dispose();
        await _pool.DisposeAsync().ConfigureAwait(false);
        _topics.Dispose();
        _security.Dispose();
        _key.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }
}

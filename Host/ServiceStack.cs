using System.Net;
using Microsoft.Extensions.Logging;
using Wetware.Client;
using Wetware.Client.Net;
using Wetware.Core;
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
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host;

/// <summary>Everything that the node does for those who log in, and its own session, put together and taken apart in the right order.</summary>
internal sealed class ServiceStack : IAsyncDisposable
{
    private readonly WetwareOptions _options;
    private readonly ILogger _logger;
    private readonly BytecodeStore _bytecode;
    private readonly ProcessTable _processes;
    private readonly TopicHub _topics;
    private CrawlRunner? _crawls;
    private NodeServices? _services;
    private HeldSession? _own;

    /// <param name="options">Of the node.</param>
    /// <param name="publish">Publishes a message of a topic.</param>
    /// <param name="logger">For what happens.</param>
    public ServiceStack(WetwareOptions options, Func<string, ReadOnlyMemory<byte>, Task> publish, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _bytecode = new BytecodeStore(options.Processes);
        _processes = new ProcessTable(options.Processes, logger);
        _topics = new TopicHub(publish);
    }

    /// <summary>What the node itself may do with its services: everything. Valid once they are open.</summary>
    public WetwareSession Session { get; private set; } = null!;

    /// <summary>Gets the messages of topics as gossip brings them.</summary>
    public Action<Wetware.Membership.Gossip.TopicMessage> Deliver => _topics.Deliver;

    /// <summary>Makes the services. Nobody reaches them before a connection is accepted.</summary>
    /// <param name="peer">This node.</param>
    /// <param name="server">This start of it.</param>
    /// <param name="consensus">What the queues are replicated by.</param>
    /// <param name="membership">Who else is there.</param>
    /// <param name="pool">Connections to others.</param>
    public void Open(PeerId peer, ServerId server, ConsensusStack consensus, MembershipStack membership, PeerPool pool)
    {
        var hosts = new ClusterHosts(peer, membership.Gossip.Table, pool);
        var proposer = new Proposer(
            consensus.Loop, consensus.Group, pool, node => membership.Find(node, consensus.Group.Directory), _options.ProposalTimeout);
        var queues = new QueueSession((command, stop) => proposer.ProposeAsync(command, stop), TimeProvider.System);
        var book = new CrawlBook(
            queues,
            (query, isLinear) => isLinear ? proposer.QueryAsync(query, consensus.Machine) : proposer.QueryLocalAsync(query, consensus.Machine));
        _crawls = new CrawlRunner(book, () => consensus.Group.Changed, queues, new RomLoader(book, _bytecode, _processes, _options.Processes.ItemTimeMax), _logger);
        _services = new NodeServices(
            new LocalNode(peer, server, _options.Namespace, Dns.GetHostName()),
            [
                new ViewService(membership.Gossip.Table),
                new QueuesService(proposer, consensus.Machine),
                new CrawlsService(book, _bytecode),
                new MembersService(
                    new ConsensusServer(consensus.Loop, consensus.Snapshots, consensus.Self.Node, _options.ProposalTimeout), new GossipServer(membership.Gossip)),
                new ProcessesService(_processes, _bytecode),
                new PubSubService(_topics, _options.PublishesPerSecondMax),
                new ChannelsService(),
                new RegistryService(hosts),
                new ExtraServices(_options.Services),

                // Anchors lead to sessions, so they come after all that a session holds.
                new AnchorsService(hosts, () => _services!),
            ]);
        using var own = _services.Open(peer, SessionGrant.All);
        _own = HeldSession.Make(own.Write);
        Session = new WetwareSession(_own);
    }

    /// <summary>Makes the bootstrap capability of a connection.</summary>
    public Capability NewTerminal(SecuredChannel channel) =>
        Terminal.Client.Serve(new TerminalServer(_services!, _options.SessionPolicy, channel.Binding, _logger)).Capability;

    /// <summary>Lets the node take part in crawls.</summary>
    public void StartCrawls() => _crawls!.Start();

    /// <summary>Lets the work of crawls end, then kills the programs.</summary>
    /// <param name="limit">Cuts both short.</param>
    public async Task DrainAsync(CancellationToken limit)
    {
        if (_crawls is not null)
        {
            await _crawls.DisposeAsync().AsTask().WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _processes.DisposeAsync().AsTask().WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        _own?.Dispose();
        if (_services is not null)
        {
            await _services.DisposeAsync().ConfigureAwait(false);
        }
    }
}

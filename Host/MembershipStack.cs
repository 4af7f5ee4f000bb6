using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Core.Multiformats;
using Wetware.Host.Consensus;
using Wetware.Host.Membership;
using Wetware.Host.Membership.Boot;
using Wetware.Host.Net;
using Wetware.Host.Storage;
using Wetware.Membership.Boot;
using Wetware.Membership.Gossip;
using Wetware.Membership.Routing;
using Wetware.Rpc;

namespace Wetware.Host;

/// <summary>
/// Where the node listens and who else is there: its listeners, the search for peers, the gossip, and what is remembered of peers, put together and
/// taken apart in the right order.
/// </summary>
internal sealed class MembershipStack : IAsyncDisposable
{
    private static readonly TimeSpan s_follow = TimeSpan.FromSeconds(5);

    private readonly WetwareOptions _options;
    private readonly DataFolder _folder;
    private readonly PeerId _peer;
    private readonly ILogger _logger;
    private readonly List<ListenerPair> _listeners = [];
    private readonly BootLoop _boot;
    private GossipLoop? _gossip;
    private IReadOnlyList<Multiaddr> _remembered = [];

    public MembershipStack(WetwareOptions options, DataFolder folder, PeerKey key, ILogger logger)
    {
        (_options, _folder, _peer, _logger) = (options, folder, key.Peer, logger);
        // Keys are used by one thread at a time: the search has its own.
        _boot = new BootLoop(PeerKey.FromPem(key.ToPem()), options.Namespace, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))), logger);
    }

    /// <summary>Where the node can be dialled.</summary>
    public IReadOnlyList<Multiaddr> Addresses { get; private set; } = [];

    /// <summary>Where connections are accepted.</summary>
    public IEnumerable<RpcListener> Listeners => _listeners.Select(static listener => listener.Connections);

    /// <summary>The gossip, once it is started.</summary>
    public GossipLoop Gossip => _gossip!;

    /// <summary>Those that the node was told of: they are known to be there.</summary>
    public IEnumerable<Multiaddr> Told => _options.Join.Select(Endpoints.ParseDial).Concat(_boot.Told);

    /// <summary>Everywhere that a member may be met.</summary>
    public IEnumerable<Multiaddr> Known => Told.Concat(_remembered).Concat(_boot.Found).Concat(Gossip.Table.AddressesBut(_peer));

    /// <summary>Binds every address that the node is to listen on.</summary>
    /// <exception cref="WetwareException">One is taken, or is not this machine's.</exception>
    public void Listen()
    {
        foreach (var text in _options.Listen)
        {
            _listeners.Add(ListenerPair.Listen(text, Endpoints.ToEndPoint(Endpoints.ParseListen(text))!, ListenerPair.BindDatagrams));
        }

        Addresses = Announced();
        foreach (var address in Addresses)
        {
            Log.Listening(_logger, address.ToString());
        }
    }

    /// <summary>Starts the gossip and the search.</summary>
    /// <param name="key">The node's.</param>
    /// <param name="server">This start of it.</param>
    /// <param name="pool">Connections to others.</param>
    /// <param name="topics">Gets the messages of topics.</param>
    public void Start(PeerKey key, ServerId server, PeerPool pool, Action<TopicMessage> topics)
    {
        var identity = new GossipIdentity
        {
            Key = key,
            Namespace = _options.Namespace,
            Server = server,
            Profile = MakeProfile(),
            TtlMs = (uint)_options.HeartbeatTtl.TotalMilliseconds,
            FirstSeq = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000,
        };
        _gossip = new GossipLoop(identity, GossipOptions.Default, server.Value, pool, _logger);
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
        _gossip.Delivered = topics;
        _gossip.Start(Told, _boot);
        _boot.WhenFound = _gossip.AddSeed;
        _boot.Start(() => _gossip.Table.IsAlone);
    }

    /// <summary>Answers those who search, from now on.</summary>
    public void Advertise() => _boot.Advertise(Addresses);

    /// <summary>Whether a node that was never a member founds a cluster: not if it was told of peers, or finds some.</summary>
    public async Task<bool> FoundsAsync(CancellationToken cancellation)
    {
        if (Told.Any())
        {
            return false;
        }

        if (!_boot.IsSearching)
        {
            return true;
        }

        Log.Searching(_logger);
        var founds = await _boot.DecideFoundingAsync(cancellation).ConfigureAwait(false);
        // Others may be waiting for this node to go first: they need an answer before the log is on the disk.
        Advertise();
        return founds;
    }

    /// <summary>Who a member is, and where: what it says of itself now, or else what it said when it joined.</summary>
    public (PeerId Peer, IReadOnlyList<Multiaddr> Addresses)? Find(NodeId node, MemberDirectory directory)
    {
        var member = directory.Find(node);
        if (member is not null)
        {
            return Gossip.Table.TryFind(member.Peer, out var record)
                ? (member.Peer, [.. record.Profile.Addresses])
                : (member.Peer, member.Addresses);
        }

        return Gossip.Table.TryFind(node, out var unknown) ? (unknown.Peer, [.. unknown.Profile.Addresses]) : null;
    }

    /// <summary>Writes down, every few seconds, whom the node remembers, and looks whether its addresses have changed.</summary>
    public async Task FollowAsync(CancellationToken stop)
    {
        var watch = new AddressWatch(Announced, Announce);
        var saved = Array.Empty<byte>();
        using var timer = new PeriodicTimer(s_follow);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
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

    /// <summary>Closes the listeners, says goodbye, and writes down once more whom the node remembers.</summary>
    public async ValueTask DisposeAsync()
    {
        _listeners.ForEach(static listener => listener.Dispose());
        if (_gossip is not null)
        {
            await _gossip.DisposeAsync().ConfigureAwait(false);
            SavePeers([]);
        }

        await _boot.DisposeAsync().ConfigureAwait(false);
    }

    private List<Multiaddr> Announced() => [.. Listeners.SelectMany(listener => LocalAddresses.Announced(listener.EndPoint, _peer))];

    private void Announce(IReadOnlyList<Multiaddr> addresses)
    {
        Addresses = addresses;
        Log.AddressesChanged(_logger, string.Join(' ', addresses));
        Gossip.Say(MakeProfile());
        Advertise();
    }

    private Profile MakeProfile()
    {
        try
        {
            return Profile.Create(_peer, Dns.GetHostName(), [.. _options.Meta.Select(pair => $"{pair.Key}={pair.Value}")], Addresses);
        }
        catch (ArgumentException failure)
        {
            throw new WetwareOptionsException("Meta: " + failure.Message.Split(" (Parameter")[0]);
        }
    }

    /// <summary>Takes up what was remembered of peers, if that is in order: nobody depends on it.</summary>
    private void Remember()
    {
        if (_folder.LoadPeers(out var error) is { } peers)
        {
            _remembered = Gossip.Remember(peers, out error);
        }

        if (error is not null)
        {
            Log.PeersNotLoaded(_logger, _folder.PeersFile, error);
        }
    }

    private byte[] SavePeers(byte[] saved)
    {
        var peers = Gossip.Remembered;
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
            Log.PeersNotSaved(_logger, failure.Message);
            return saved;
        }
    }
}

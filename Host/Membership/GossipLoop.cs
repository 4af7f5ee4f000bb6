using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Wetware.Client;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Loops;
using Wetware.Host.Membership.Boot;
using Wetware.Host.Net;
using Wetware.Membership.Gossip;
using Wetware.Membership.Routing;
using Wetware.Rpc;
using TopicMessage = Wetware.Membership.Gossip.TopicMessage;

namespace Wetware.Host.Membership;

/// <summary>
/// The one loop that drives this node's membership, on a thread of its own: ticks, frames that came, requests for a snapshot of the routing table. Short
/// frames travel as datagrams to the port that the peer also accepts connections on, long ones over a connection.
/// </summary>
internal sealed class GossipLoop : ILoopBody<GossipEvent>, IAsyncDisposable
{
    /// <summary>Frames that wait for the loop. Beyond them the newest are dropped, which the protocol repairs.</summary>
    private const int FramesMax = 1_024;

    /// <summary>How old what is remembered of peers may be when it is asked for, in milliseconds.</summary>
    private const ulong RememberMs = 2_000;

    private readonly GossipEndpoint _endpoint;
    private readonly EventLoop<GossipEvent> _loop;
    private readonly PeerPool _pool;
    private readonly ILogger _logger;
    private readonly GossipSockets _sockets = new();
    private byte[] _remembered = [];
    private ulong _rememberAt;

    public GossipLoop(GossipIdentity identity, GossipOptions options, ulong seed, PeerPool pool, ILogger logger)
    {
        _pool = pool;
        _logger = logger;
        _endpoint = new GossipEndpoint(identity, options, seed, now: 0);
        _loop = new EventLoop<GossipEvent>("gossip", this, TimeSpan.FromMilliseconds(options.TickMs), FramesMax);
        Table = new TableView(_endpoint.Table.Snapshot());
    }

    /// <summary>Gets the messages of topics as they come, on the loop: it must be quick. Set before <see cref="Start"/>.</summary>
    public Action<TopicMessage>? Delivered { get; set; }

    /// <summary>Completes when the loop has ended; faulted if it ended by itself.</summary>
    public Task Ended => _loop.Ended;

    /// <summary>The routing table as of the last tick. Any thread.</summary>
    public TableView Table { get; }

    private ulong Now => (ulong)_loop.Now;

    /// <summary>Takes a bound datagram socket, and owns it. Before <see cref="Start"/>.</summary>
    public void Add(Socket datagrams) => _sockets.Add(datagrams);

    /// <summary>Remembers the peers of an earlier start, to call them. Before <see cref="Start"/>.</summary>
    /// <returns>Where they were reached.</returns>
    public IReadOnlyList<Multiaddr> Remember(byte[] peers, out string? error)
    {
        _endpoint.TryRemember(peers, out var addresses, out error);
        return addresses;
    }

    /// <summary>The peers that the node remembers, as of a moment ago; empty if it never knew any. Any thread.</summary>
    public byte[] Remembered => Volatile.Read(ref _remembered);

    /// <summary>Says something new of this node from now on. Any thread.</summary>
    public void Say(Profile profile) => _loop.Post(GossipEvent.Said(profile));

    /// <summary>Starts the loop.</summary>
    /// <param name="seeds">Where other members may be met.</param>
    /// <param name="boot">Gets the boot packets that come to the sockets of this loop.</param>
    public void Start(IEnumerable<Multiaddr> seeds, BootLoop? boot)
    {
        foreach (var seed in seeds)
        {
            _endpoint.AddSeed(seed);
        }

        _sockets.Start(Deliver, boot);
        _loop.Start();
    }

    /// <summary>Takes in a frame from anywhere; copied.</summary>
    public void Deliver(ReadOnlySpan<byte> frame) => _loop.Offer(GossipEvent.Came(frame.ToArray()));

    /// <summary>Tells where another member may be met. Any thread.</summary>
    public void AddSeed(Multiaddr seed) => _loop.Offer(GossipEvent.Met(seed));

    /// <summary>Publishes a message of a topic; returns when it is on its way. Any thread.</summary>
    /// <exception cref="WetwareException">The node is stopping.</exception>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> data)
    {
        var publication = new Publication(topic, data);
        if (!_loop.Post(GossipEvent.Published(publication)))
        {
            throw Stopping();
        }

        await publication.Sent.Task.ConfigureAwait(false);
    }

    /// <summary>Says goodbye and ends the loop.</summary>
    public async ValueTask DisposeAsync()
    {
        // The loop waits for nothing, so that its last turn is short.
        _loop.Dispose();
        await _sockets.DisposeAsync().ConfigureAwait(false);
        _endpoint.Dispose();
    }

    void ILoopBody<GossipEvent>.Turn(List<GossipEvent> arrived, bool isTick)
    {
        if (isTick)
        {
            Tick(Now);
            GiveOut();
        }

        foreach (ref readonly var happened in CollectionsMarshal.AsSpan(arrived))
        {
            Handle(happened);
            GiveOut();
        }
    }

    void ILoopBody<GossipEvent>.End(List<GossipEvent> rest, Exception? failure)
    {
        foreach (ref readonly var happened in CollectionsMarshal.AsSpan(rest))
        {
            happened.Publication?.Sent.TrySetException(Stopping());
        }

        if (failure is not null)
        {
            Loops.Log.LoopFailed(_logger, "membership", failure);
            return;
        }

        _rememberAt = 0;
        Remember(Now);
        _endpoint.Leave(Now);
        SendAll();
    }

    private void GiveOut()
    {
        SendAll();
        HandOver();
    }

    private void Tick(ulong now)
    {
        _endpoint.Tick(now);
        Table.Publish(_endpoint.Table.Snapshot());
        Remember(now);
    }

    private void Handle(in GossipEvent happened)
    {
        if (happened.Frame is { } frame)
        {
            _endpoint.Receive(frame, Now);
        }
        else if (happened.Seed is { } seed)
        {
            _endpoint.AddSeed(seed);
        }
        else if (happened.Profile is { } profile)
        {
            _endpoint.Say(profile, Now);
        }
        else if (happened.Publication is { } publication)
        {
            _endpoint.Publish(publication.Topic, publication.Data.Span, Now);
            publication.Sent.TrySetResult();
        }
    }

    private void Remember(ulong now)
    {
        if (now >= _rememberAt && _endpoint.Remembers > 0)
        {
            _rememberAt = now + RememberMs;
            Volatile.Write(ref _remembered, _endpoint.Remembered());
        }
    }

    private void HandOver()
    {
        while (_endpoint.TryTakeMessage(out var message))
        {
            Delivered?.Invoke(message);
        }
    }

    private static WetwareException Stopping() => new(FailureReason.Unavailable, "the node is stopping");

    private void SendAll()
    {
        while (_endpoint.TryTakeOutgoing(out var frame))
        {
            ReadOnlySpan<Multiaddr> addresses = frame.To is { } to ? to.Addresses : frame.Address is { } address ? [address] : [];
            if (!frame.IsLong && _sockets.TrySend(addresses, frame.Bytes.Span))
            {
                continue;
            }

            if (frame.To is { } member)
            {
                _ = SendOverConnectionAsync(member, frame.Bytes.ToArray());
            }
        }
    }

    private async Task SendOverConnectionAsync(Profile member, byte[] frame)
    {
        try
        {
            var remote = await _pool.GetAsync(member.Peer, [.. member.Addresses]).ConfigureAwait(false);
            await remote.Gossip.DeliverAsync(frame).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is WetwareException or RpcException)
        {
            // Lost: the protocol repairs it, and the pool has logged why.
            Log.FrameLost(_logger, member.Peer.ToString(), failure.Message);
        }
    }
}

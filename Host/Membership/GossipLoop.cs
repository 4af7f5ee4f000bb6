using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Wetware.Client;
using Wetware.Core;
using Wetware.Core.Multiformats;
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
internal sealed class GossipLoop : IAsyncDisposable
{
    /// <summary>Frames that wait for the loop; beyond it the newest are dropped, which the protocol repairs.</summary>
    private const int InboxMax = 1_024;

    /// <summary>How old what is remembered of peers may be when it is asked for, in milliseconds.</summary>
    private const ulong RememberMs = 2_000;

    private readonly GossipEndpoint _endpoint;
    private readonly GossipOptions _options;
    private readonly PeerPool _pool;
    private readonly ILogger _logger;
    private readonly Channel<object> _inbox = Channel.CreateBounded<object>(new BoundedChannelOptions(InboxMax) { SingleReader = true });

    private readonly GossipSockets _sockets = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly object _sleep = new();
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _remembered = [];
    private ulong _rememberAt;
    private Task _loop = Task.CompletedTask;

    public GossipLoop(GossipIdentity identity, GossipOptions options, ulong seed, PeerPool pool, ILogger logger)
    {
        _options = options;
        _pool = pool;
        _logger = logger;
        _endpoint = new GossipEndpoint(identity, options, seed, now: 0);
        Table = new TableView(_endpoint.Table.Snapshot());
        // Ticks are many and short: a thread that sleeps between them costs an idle node less than a timer and two workers of the pool for each.
        _thread = new Thread(Run) { IsBackground = true, Name = "wetware-gossip" };
    }

    /// <summary>Gets the messages of topics as they come, on the loop: it must be quick. Set before <see cref="Start"/>.</summary>
    public Action<TopicMessage>? Delivered { get; set; }

    /// <summary>Completes when the loop has ended; faulted if it ended by itself.</summary>
    public Task Ended => _loop;

    /// <summary>The routing table as of the last tick. Any thread.</summary>
    public TableView Table { get; }

    private ulong Now => (ulong)TimeProvider.System.GetElapsedTime(_started).TotalMilliseconds;

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
    public void Say(Profile profile) => Post(profile);

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
        _loop = _ended.Task;
        _thread.Start();
    }

    /// <summary>Takes in a frame from anywhere; copied.</summary>
    public void Deliver(ReadOnlySpan<byte> frame) => Post(frame.ToArray());

    /// <summary>Tells where another member may be met. Any thread.</summary>
    public void AddSeed(Multiaddr seed) => Post(seed);

    /// <summary>Publishes a message of a topic; returns when it is on its way. Any thread.</summary>
    /// <exception cref="WetwareException">The node is stopping.</exception>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> data)
    {
        var publication = new Publication(topic, data);
        try
        {
            await _inbox.Writer.WriteAsync(publication).ConfigureAwait(false);
            Wake();
        }
        catch (ChannelClosedException)
        {
            throw Stopping();
        }

        await publication.Sent.Task.ConfigureAwait(false);
    }

    /// <summary>Says goodbye and ends the loop.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Wake();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _sockets.DisposeAsync().ConfigureAwait(false);
        _endpoint.Dispose();
        _stop.Dispose();
    }

    private void Post(object item)
    {
        if (_inbox.Writer.TryWrite(item))
        {
            Wake();
        }
    }

    private void Wake()
    {
        lock (_sleep)
        {
            Monitor.Pulse(_sleep);
        }
    }

    private void Run()
    {
        try
        {
            Serve();
            _rememberAt = 0;
            Remember(Now);
            _endpoint.Leave(Now);
            SendAll();
            _ended.SetResult();
        }
#pragma warning disable CA1031 // Whatever broke here, the node must hear of it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Loops.Log.LoopFailed(_logger, "membership", failure);
            _ended.SetException(failure);
        }
        finally
        {
            _inbox.Writer.Complete();
            while (_inbox.Reader.TryRead(out var rest))
            {
                (rest as Publication)?.Sent.TrySetException(Stopping());
            }
        }
    }

    private void Serve()
    {
        var tick = (ulong)_options.TickMs;
        for (var next = Now + tick; !_stop.IsCancellationRequested;)
        {
            if (Now >= next)
            {
                Tick(Now);
                next = Now + tick;
            }
            else if (_inbox.Reader.TryRead(out var item))
            {
                Handle(item);
            }
            else
            {
                Sleep(next);
                continue;
            }

            SendAll();
            HandOver();
        }
    }

    private void Sleep(ulong until)
    {
        lock (_sleep)
        {
            // Whoever posts wakes it under the lock, so nothing that came before is slept over.
            if (Now is var now && now < until && _inbox.Reader.Count == 0 && !_stop.IsCancellationRequested)
            {
                Monitor.Wait(_sleep, (int)(until - now));
            }
        }
    }

    private void Tick(ulong now)
    {
        _endpoint.Tick(now);
        Table.Publish(_endpoint.Table.Snapshot());
        Remember(now);
    }

    private void Handle(object item)
    {
        switch (item)
        {
            case byte[] frame:
                _endpoint.Receive(frame, Now);
                break;
            case Multiaddr seed:
                _endpoint.AddSeed(seed);
                break;
            case Profile profile:
                _endpoint.Say(profile, Now);
                break;
            case Publication publication:
                _endpoint.Publish(publication.Topic, publication.Data.Span, Now);
                publication.Sent.TrySetResult();
                break;
            default:
                throw new InvalidOperationException($"the membership loop was handed a {item.GetType()}");
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

    private static WetwareException Stopping() => new("the node is stopping");

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

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Core.Multiformats;
using Wetware.Host.Loops;
using Wetware.Membership;
using Wetware.Membership.Boot;

namespace Wetware.Host.Membership.Boot;

/// <summary>
/// Looks for peers in every way that it was told, until somebody is found, and again when everybody is lost; and answers those who look.
/// One loop drives it. Owns its sockets.
/// </summary>
internal sealed class BootLoop : ILoopBody<BootEvent>, IAsyncDisposable
{
    /// <summary>Datagrams that wait for the loop. Beyond them the newest are dropped, and those who asked ask again.</summary>
    private const int DatagramsMax = 1_024;

    /// <summary>Addresses that are remembered; a few living ones are enough to find all others.</summary>
    private const int FoundMax = 64;

    /// <summary>What is listened for beyond the first pass, before a cluster is founded: a question to everybody is repeated within.</summary>
    private const ulong FoundingMs = 3_500;

    /// <summary>The longest pause before everybody is asked again: while something waits for the answer, and later.</summary>
    private const ulong UrgentPauseMs = 1_000;
    private const ulong PauseMs = 15_000;

    /// <summary>How long those who were found may take to become company, before others are looked for.</summary>
    private const ulong CompanyMs = 30_000;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);

    /// <summary>Where nothing is looked for, only the advertisement is kept alive.</summary>
    private static readonly TimeSpan s_idleTick = TimeSpan.FromSeconds(1);
    private readonly PeerKey _key;
    private readonly string _ns;
    private readonly ulong _seed;
    private readonly ILogger _logger;
    private readonly BootResponder _responder;
    private readonly List<(BootTarget Target, BootSocket Socket)> _places = [];
    private readonly List<(BootSearch Search, BootSocket Socket)> _searches = [];
    private readonly Dictionary<(BootPacketKind, byte), byte[]> _questions = [];
    private readonly TaskCompletionSource<bool> _founds = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];
    private EventLoop<BootEvent>? _loop;
    private FoundingRule? _founding;
    private ImmutableList<Multiaddr> _found = [];
    private Func<bool> _isAlone = static () => true;
    private bool _advertises;
    private bool _hasCompany;
    private ulong _searchAgainAt = ulong.MaxValue;

    /// <param name="key">Signs what is said. Owned.</param>
    /// <param name="ns">The cluster.</param>
    /// <param name="seed">Decides the order of crawls.</param>
    /// <param name="logger">For what is found.</param>
    public BootLoop(PeerKey key, string ns, ulong seed, ILogger logger)
    {
        _key = key;
        _ns = ns;
        _seed = seed;
        _logger = logger;
        _responder = new BootResponder(key, now: 0);
    }

    /// <summary>Called on the loop with every address that is found.</summary>
    public Action<Multiaddr>? WhenFound { get; set; }

    /// <summary>The addresses that were given as such. Not changed after <see cref="Start"/>.</summary>
    public ImmutableList<Multiaddr> Told { get; private set; } = [];

    /// <summary>Whether there is anywhere to look.</summary>
    public bool IsSearching => _places.Count > 0;

    /// <summary>What was found so far. Any thread.</summary>
    public IReadOnlyList<Multiaddr> Found => _found;

    private ulong Now => (ulong)(_loop?.Now ?? 0);

    /// <summary>Adds a place to look at. Before <see cref="Start"/>.</summary>
    /// <exception cref="WetwareException">It cannot be looked at.</exception>
    public void Add(BootTarget target, bool answers)
    {
        if (target.Kind == BootKind.Static)
        {
            Told = Told.Add(target.Address);
            return;
        }

        try
        {
            BootSearch.Create(target, _seed, now: 0, PauseMs);
        }
        catch (MembershipException failure)
        {
            throw new WetwareOptionsException($"'{target.Address}': {failure.Message}");
        }

        _places.Add((target, BootSocket.Open(target, answers)));
    }

    /// <summary>Begins to look.</summary>
    /// <param name="isAlone">Whether the node knows no other member; asked on the loop.</param>
    public void Start(Func<bool> isAlone)
    {
        _isAlone = isAlone;
        var loop = _loop = new EventLoop<BootEvent>("boot", this, _places.Count == 0 ? s_idleTick : s_tick, DatagramsMax);
        SearchAnew(UrgentPauseMs);
        var window = _searches.Count == 0 ? 0 : _searches.Max(search => search.Search.PassMs) + FoundingMs;
        _founding = new FoundingRule(_key.Peer, _ns, window, Now);
        foreach (var (_, socket) in _places)
        {
            _tasks.Add(socket.ReceiveAsync(Deliver, _stop.Token));
        }

        loop.Start();
    }

    /// <summary>Takes in a datagram that came to another socket of the node.</summary>
    public void Deliver(BootDatagram datagram) => _loop?.Offer(new BootEvent { Datagram = datagram });

    /// <summary>Answers questions from now on, and is in no hurry any more.</summary>
    /// <param name="addresses">Where the node is reached.</param>
    public void Advertise(IReadOnlyList<Multiaddr> addresses) => _loop?.Post(new BootEvent { Addresses = addresses });

    /// <summary>Waits until it is clear whether there is a cluster to join.</summary>
    /// <returns>Whether this node is to found one instead.</returns>
    public Task<bool> DecideFoundingAsync(CancellationToken cancellation) => _founds.Task.WaitAsync(cancellation);

    /// <summary>Waits until somebody is found.</summary>
    public Task MeetAsync(CancellationToken cancellation) => _met.Task.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _loop?.Dispose();
        foreach (var (_, socket) in _places)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _founds.TrySetCanceled();
        _met.TrySetCanceled();
        _responder.Dispose();
        _key.Dispose();
        _stop.Dispose();
    }

    void ILoopBody<BootEvent>.Turn(List<BootEvent> arrived, bool isTick)
    {
        foreach (ref readonly var happened in CollectionsMarshal.AsSpan(arrived))
        {
            if (happened.Datagram is { } datagram)
            {
                Receive(datagram, Now);
            }
            else if (happened.Addresses is { } addresses)
            {
                AdvertiseAt(addresses, Now);
            }
        }

        if (isTick)
        {
            Tick(Now);
        }
    }

    void ILoopBody<BootEvent>.End(List<BootEvent> rest, Exception? failure)
    {
        if (failure is not null)
        {
            // Nobody can be found any more, so nobody is to wait for it.
            Log.BootFailed(_logger, failure);
            _founds.TrySetException(failure);
            _met.TrySetException(failure);
        }
    }

    private void AdvertiseAt(IReadOnlyList<Multiaddr> addresses, ulong now)
    {
        _responder.SetAddresses(addresses);
        _advertises = true;
        _responder.Advertise(_ns, now);
        if (_searches.Exists(search => !search.Search.IsDone))
        {
            SearchAnew(PauseMs);
        }
    }

    private void Tick(ulong now)
    {
        Look(now);
        if (_advertises)
        {
            _responder.Advertise(_ns, now);
        }

        foreach (var (search, socket) in _searches)
        {
            while (search.TryAsk(now, out var question))
            {
                socket.Send(Question(question), question.To);
            }
        }

        if (_founding is { } founding && (founding.Joins || founding.Founds(now)))
        {
            _founds.TrySetResult(!founding.Joins);
            _founding = null;
        }
    }

    /// <summary>Stops to search while there is company, and begins anew when the last of it is gone.</summary>
    private void Look(ulong now)
    {
        var hadCompany = _hasCompany;
        _hasCompany = !_isAlone();
        if (_hasCompany)
        {
            Stop();
            _searchAgainAt = ulong.MaxValue;
        }
        else if (hadCompany || now >= _searchAgainAt)
        {
            SearchAnew(PauseMs);
            _searchAgainAt = ulong.MaxValue;
        }
    }

    private void SearchAnew(ulong pauseMs)
    {
        _searches.Clear();
        foreach (var (target, socket) in _places)
        {
            if (BootSearch.Create(target, _seed, Now, pauseMs) is { } search)
            {
                _searches.Add((search, socket));
            }
        }
    }

    private void Stop()
    {
        foreach (var (search, _) in _searches)
        {
            search.Found();
        }
    }

    private byte[] Question(in BootQuestion question)
    {
        var key = (question.Kind, question.Distance);
        if (!_questions.TryGetValue(key, out var datagram))
        {
            datagram = _responder.Ask(question.Kind, _ns, question.Distance);
            _questions[key] = datagram;
        }

        return datagram;
    }

    private void Receive(BootDatagram datagram, ulong now)
    {
        var send = _responder.Receive(datagram.Bytes, now, out var packet, out var answer);
        if (send != BootSend.Nothing)
        {
            datagram.Socket.Send(answer, send == BootSend.ToGroup && datagram.Socket.Group is { } group ? group : datagram.From);
        }

        if (packet is null)
        {
            return;
        }

        _founding?.Hear(packet, now);
        foreach (var address in BootResponder.Addresses(packet, _ns))
        {
            Meet(address, now);
        }
    }

    private void Meet(Multiaddr address, ulong now)
    {
        Stop();
        _searchAgainAt = now + CompanyMs;
        if (!_found.Contains(address))
        {
            Log.PeerFound(_logger, address.ToString());
            _found = _found.Count < FoundMax ? _found.Add(address) : _found.RemoveAt(0).Add(address);
        }

        WhenFound?.Invoke(address);
        _met.TrySetResult();
    }
}

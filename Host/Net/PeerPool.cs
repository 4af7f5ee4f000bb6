using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Rpc;

namespace Wetware.Host.Net;

/// <summary>
/// The connections that this node has dialled, one a peer: kept while they live, dialled again on demand, and not more
/// often than a growing pause allows when nobody answers. Safe for concurrent use.
/// </summary>
internal sealed class PeerPool(Dialer dialer, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<PeerId, Slot> _slots = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger = logger;

    /// <summary>The living connection to a peer, if there is one.</summary>
    public RemoteNode? Find(in PeerId peer) => _slots.TryGetValue(peer, out var slot) ? slot.Living : null;

    /// <summary>The living connection to a peer, or a new one.</summary>
    /// <exception cref="WetwareException">It could not be reached, or the pause after the last attempt is not over.</exception>
    public Task<RemoteNode> GetAsync(PeerId peer, IReadOnlyList<Multiaddr> addresses) =>
        _slots.GetOrAdd(peer, _ => new Slot(this)).GetAsync(peer, addresses);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (var slot in _slots.Values)
        {
            await slot.CloseAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task<RemoteNode> DialAsync(PeerId peer, IReadOnlyList<Multiaddr> addresses)
    {
        WetwareException? last = null;
        foreach (var address in addresses)
        {
            if (Endpoints.ToEndPoint(address) is null)
            {
                continue;
            }

            try
            {
                var remote = await dialer.DialAsync(address, peer, _stop.Token).ConfigureAwait(false);
                Log.Connected(_logger, peer.ToString(), address.ToString());
                _ = TellFaultAsync(remote);
                return remote;
            }
            catch (WetwareException failure)
            {
                last = failure;
            }
        }

        throw last ?? new WetwareException($"peer {peer} has no address that can be dialled");
    }

    private async Task TellFaultAsync(RemoteNode remote)
    {
        var reason = await remote.Closed.ConfigureAwait(false);
        if (reason.Kind is CloseKind.Fault)
        {
            Log.ConnectionFault(_logger, remote.Address.ToString(), reason.ToString());
        }
    }

    /// <summary>One peer's connection. Invariant: at most one dial is under way.</summary>
    private sealed class Slot(PeerPool pool)
    {
        private readonly Lock _gate = new();
        private Task<RemoteNode>? _current;
        private TimeSpan _pause = s_pauseMin;
        private long _failedAt;

        public RemoteNode? Living =>
            _current is { IsCompletedSuccessfully: true } task && !task.Result.Closed.IsCompleted ? task.Result : null;

        public Task<RemoteNode> GetAsync(PeerId peer, IReadOnlyList<Multiaddr> addresses)
        {
            lock (_gate)
            {
                if (_current is { IsCompleted: false } || Living is not null)
                {
                    return _current!;
                }

                if (_current is { IsFaulted: true } && TimeProvider.System.GetElapsedTime(_failedAt) < _pause)
                {
                    return _current;
                }

                var old = _current;
                return _current = RenewAsync(old, peer, addresses);
            }
        }

        public async Task CloseAsync()
        {
            Task<RemoteNode>? current;
            lock (_gate)
            {
                current = _current;
            }

            await DropAsync(current).ConfigureAwait(false);
        }

        private static async Task DropAsync(Task<RemoteNode>? old)
        {
            if (old is not null)
            {
                await ((Task)old).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (old.IsCompletedSuccessfully)
                {
                    await old.Result.DisposeAsync().ConfigureAwait(false);
                }
            }
        }

        private async Task<RemoteNode> RenewAsync(Task<RemoteNode>? old, PeerId peer, IReadOnlyList<Multiaddr> addresses)
        {
            // Off the caller's thread and out of the gate.
            await Task.Yield();
            await DropAsync(old).ConfigureAwait(false);
            try
            {
                var remote = await pool.DialAsync(peer, addresses).ConfigureAwait(false);
                _pause = s_pauseMin;
                return remote;
            }
            catch (WetwareException failure)
            {
                Log.DialFailed(pool._logger, peer.ToString(), failure.Message);
                _failedAt = TimeProvider.System.GetTimestamp();
                _pause = _pause * 2 < s_pauseMax ? _pause * 2 : s_pauseMax;
                throw;
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Wetware.Client.Net;
using Wetware.Core.Multiformats;
using Wetware.Host.Membership.Boot;
using Wetware.Host.Net;
using Wetware.Membership.Boot;

namespace Wetware.Host.Membership;

/// <summary>
/// The datagram sockets of a node, one for each address that it listens on: short frames of the gossip leave and arrive by them, and packets of those
/// who search arrive too. A datagram that is lost is no error: the protocols above expect that.
/// </summary>
internal sealed class GossipSockets : IAsyncDisposable
{
    private const int DatagramBytesMax = 2_048;

    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _receivers = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Takes a bound socket, and owns it. Before <see cref="Start"/>.</summary>
    public void Add(Socket socket) => _sockets.Add(socket);

    /// <summary>Begins to receive.</summary>
    /// <param name="frames">Gets each frame, on any thread; it is valid during the call.</param>
    /// <param name="boot">Gets the boot packets; without it they count as frames.</param>
    public void Start(Action<ReadOnlySpan<byte>> frames, BootLoop? boot)
    {
        foreach (var socket in _sockets)
        {
            _receivers.Add(ReceiveAsync(socket, frames, boot));
        }
    }

    /// <summary>Sends a frame to the first of some addresses that datagrams can go to; false if there is none.</summary>
    public bool TrySend(ReadOnlySpan<Multiaddr> addresses, ReadOnlySpan<byte> frame)
    {
        foreach (var address in addresses)
        {
            if (Endpoints.ToEndPoint(address) is IPEndPoint endPoint && _sockets.Find(socket => socket.AddressFamily == endPoint.AddressFamily) is { } socket)
            {
                try
                {
                    socket.SendTo(frame, SocketFlags.None, endPoint);
                }
                catch (SocketException)
                {
                    // As good as lost on the way.
                }

                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _sockets.ForEach(static socket => socket.Dispose());
        foreach (var receiver in _receivers)
        {
            await receiver.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
    }

    private async Task ReceiveAsync(Socket socket, Action<ReadOnlySpan<byte>> frames, BootLoop? boot)
    {
        var buffer = new byte[DatagramBytesMax];
        var from = new SocketAddress(socket.AddressFamily);
        var answers = BootSocket.Of(socket);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, _stop.Token).ConfigureAwait(false);
                if (boot is not null && BootCodec.IsLikely(buffer.AsSpan(0, length)))
                {
                    boot.Deliver(new BootDatagram(buffer[..length], (IPEndPoint)new IPEndPoint(IPAddress.Any, 0).Create(from), answers));
                    continue;
                }

                frames(buffer.AsSpan(0, length));
            }
            catch (SocketException)
            {
                // A datagram of ours met a closed port, or one of theirs was too long; the next may be well.
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}

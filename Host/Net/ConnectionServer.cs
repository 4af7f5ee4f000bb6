using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Wetware.Rpc;
using Wetware.Rpc.Transport;

namespace Wetware.Host.Net;

/// <summary>Accepts connections on one listener, as many as may be, and says why each of them ended.</summary>
internal sealed class ConnectionServer(RpcListener listener, RpcOptions options, ILogger logger)
{
    /// <summary>How long nothing is accepted after the system refused to, for want of descriptors for example.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<RpcConnection, byte> _connections = new();

    /// <summary>Runs until it is cancelled, then closes every connection.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                try
                {
                    Accept(await listener.AcceptAsync(stop).ConfigureAwait(false));
                }
                catch (SocketException failure)
                {
                    HostLog.AcceptFailed(logger, failure.Message);
                    await Task.Delay(s_pause, stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var connection in _connections.Keys)
            {
                connection.Dispose();
            }
        }
    }

    private void Accept(Socket socket)
    {
        var remote = socket.RemoteEndPoint?.ToString() is { Length: > 0 } name ? name : "a Unix socket";
        if (_connections.Count >= Limits.ConnectionsMax)
        {
            Telemetry.ConnectionsRefused.Add(1);
            HostLog.ConnectionRefused(logger, remote, $"there are {Limits.ConnectionsMax} connections already");
            socket.Dispose();
            return;
        }

        var connection = RpcConnection.Start(Transports.FromSocket(socket), options);
        _connections.TryAdd(connection, 0);
        Telemetry.ConnectionsAccepted.Add(1);
        _ = WatchAsync(connection, remote);
    }

    private async Task WatchAsync(RpcConnection connection, string remote)
    {
        var reason = await connection.Closed.ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
        if (reason.Kind is CloseKind.FrameTooLarge or CloseKind.Malformed or CloseKind.ProtocolError)
        {
            Telemetry.ConnectionsRefused.Add(1);
            HostLog.ConnectionRefused(logger, remote, reason.ToString());
        }
        else
        {
            HostLog.ConnectionClosed(logger, remote, reason.ToString());
        }
    }
}

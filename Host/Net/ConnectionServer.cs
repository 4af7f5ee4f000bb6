using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Wetware.Client.Net;
using Wetware.Rpc;

namespace Wetware.Host.Net;

/// <summary>Accepts connections on one listener, as many as may be, and says why each of them ended.</summary>
/// <param name="listener">Where.</param>
/// <param name="security">What is done to each first.</param>
/// <param name="terminal">Makes the bootstrap capability of each.</param>
/// <param name="logger">For the reasons.</param>
internal sealed class ConnectionServer(RpcListener listener, IChannelSecurity security, Func<SecuredChannel, Capability> terminal, ILogger logger)
{
    /// <summary>How long nothing is accepted after the system refused to, for want of descriptors for example.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<RpcConnection, byte> _connections = new();
    private int _open;

    /// <summary>Runs until it is cancelled, then closes every connection.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                try
                {
                    Accept(await listener.AcceptAsync(stop).ConfigureAwait(false), stop);
                }
                catch (SocketException failure)
                {
                    Log.AcceptFailed(logger, failure.Message);
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

    private void Accept(Socket socket, CancellationToken stop)
    {
        var remote = socket.RemoteEndPoint?.ToString() is { Length: > 0 } name ? name : "a Unix socket";
        if (Interlocked.Increment(ref _open) > Limits.ConnectionsMax)
        {
            Interlocked.Decrement(ref _open);
            Refuse(remote, $"there are {Limits.ConnectionsMax} connections already");
            socket.Dispose();
            return;
        }

        _ = ServeAsync(socket, remote, stop);
    }

    private async Task ServeAsync(Socket socket, string remote, CancellationToken stop)
    {
        try
        {
            if (await SecureAsync(socket, remote, stop).ConfigureAwait(false) is { } channel)
            {
                await ServeAsync(channel, remote, stop).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<SecuredChannel?> SecureAsync(Socket socket, string remote, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(Limits.HandshakeSecondsMax));
        try
        {
            return await security.AcceptAsync(socket, limit.Token).ConfigureAwait(false);
        }
        catch (ChannelException refused)
        {
            Refuse(remote, refused.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Refuse(remote, $"no handshake within {Limits.HandshakeSecondsMax} s");
        }
        catch (OperationCanceledException)
        {
            Log.ConnectionClosed(logger, remote, "the node stops");
        }

        return null;
    }

    private async Task ServeAsync(SecuredChannel channel, string remote, CancellationToken stop)
    {
        RpcConnection connection;
        using (var bootstrap = terminal(channel))
        {
            connection = RpcConnection.Start(channel.Transport, RpcOptions.Default with { Bootstrap = bootstrap });
        }

        _connections.TryAdd(connection, 0);
        Metrics.ConnectionsAccepted.Add(1);
        if (stop.IsCancellationRequested)
        {
            // Whoever closes them all at the end may have been there already.
            connection.Dispose();
        }

        var reason = await connection.Closed.ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
        if (reason.Kind is CloseKind.FrameTooLarge or CloseKind.Malformed or CloseKind.ProtocolError)
        {
            Refuse(remote, reason.ToString());
        }
        else if (reason.Kind is CloseKind.Fault)
        {
            Log.ConnectionFault(logger, remote, reason.ToString());
        }
        else
        {
            Log.ConnectionClosed(logger, remote, reason.ToString());
        }
    }

    private void Refuse(string remote, string reason)
    {
        Metrics.ConnectionsRefused.Add(1);
        Log.ConnectionRefused(logger, remote, reason);
    }
}

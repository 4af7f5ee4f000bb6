using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc;

/// <summary>
/// Accepts connections on a TCP port or a Unix socket. Loop over <see cref="AcceptAsync"/> to secure or refuse each connection, or let
/// <see cref="ServeAsync"/> serve them all.
/// </summary>
public sealed class RpcListener : IDisposable
{
    private const int Backlog = 512;
    private readonly Socket _socket;

    private RpcListener(Socket socket) => _socket = socket;

    /// <summary>The end point that it listens on, with the port that the system chose if it was to choose one.</summary>
    public EndPoint EndPoint => _socket.LocalEndPoint!;

    /// <summary>Starts to listen.</summary>
    /// <param name="endPoint">An address and port (0 chooses one), or a path.</param>
    /// <exception cref="SocketException">The address is in use, or is not this machine's.</exception>
    public static RpcListener Listen(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var isUnix = endPoint is UnixDomainSocketEndPoint;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return new RpcListener(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next connection, plain.</summary>
    /// <exception cref="OperationCanceledException">Canceled, or the listener was disposed.</exception>
    public async Task<Socket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
            when (failure is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
        {
            throw new OperationCanceledException("the listener was closed", failure);
        }
    }

    /// <summary>Accepts connections until canceled or disposed, and serves each, unencrypted, with the same options.</summary>
    /// <param name="options">The options of every connection.</param>
    /// <param name="cancellationToken">Stops accepting, and closes the connections that were accepted.</param>
    public async Task ServeAsync(RpcOptions options, CancellationToken cancellationToken = default)
    {
        var connections = new ConcurrentDictionary<RpcConnection, byte>();
        try
        {
            while (true)
            {
                var socket = await AcceptAsync(cancellationToken).ConfigureAwait(false);
                var connection = RpcConnection.Start(Transports.FromSocket(socket), options);
                connections.TryAdd(connection, 0);
                _ = ForgetAsync(connection, connections);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var connection in connections.Keys)
            {
                connection.Dispose();
            }
        }
    }

    /// <summary>Stops listening. Connections that were accepted stay open.</summary>
    public void Dispose()
    {
        var path = (_socket.LocalEndPoint as UnixDomainSocketEndPoint)?.ToString();
        _socket.Dispose();
        if (path is not null)
        {
            File.Delete(path);
        }
    }

    private static async Task ForgetAsync(RpcConnection connection,
        ConcurrentDictionary<RpcConnection, byte> connections)
    {
        await connection.Closed.ConfigureAwait(false);
        connections.TryRemove(connection, out _);
    }
}

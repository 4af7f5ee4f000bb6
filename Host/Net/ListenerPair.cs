using System.Net;
using System.Net.Sockets;
using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Host.Net;

/// <summary>
/// Where a node is reached: a listener for connections and, on the same port, a socket for datagrams. Whoever takes the datagrams out
/// owns that socket.
/// </summary>
internal sealed class ListenerPair : IDisposable
{
    /// <summary>How often the system may choose a port that is taken for datagrams before the node gives up: it has tens of thousands.</summary>
    private const int ChoicesMax = 32;

    private Socket? _datagrams;

    private ListenerPair(RpcListener connections, Socket? datagrams)
    {
        Connections = connections;
        _datagrams = datagrams;
    }

    /// <summary>Accepts connections.</summary>
    public RpcListener Connections { get; }

    /// <summary>Binds both. With port 0 the system chooses one for connections; if that is taken for datagrams, it is asked for another.</summary>
    /// <param name="name">The address as its owner wrote it.</param>
    /// <param name="endPoint">An address and port, or a path, which has no datagrams.</param>
    /// <param name="bind">Binds the datagrams.</param>
    /// <exception cref="WetwareException">The address is taken, or is not this machine's.</exception>
    public static ListenerPair Listen(string name, EndPoint endPoint, Func<IPEndPoint, Socket> bind)
    {
        for (var left = ChoicesMax; ; left--)
        {
            var connections = Listen(name, endPoint);
            if (connections.EndPoint is not IPEndPoint bound)
            {
                return new ListenerPair(connections, null);
            }

            try
            {
                return new ListenerPair(connections, bind(bound));
            }
            catch (SocketException failure)
            {
                connections.Dispose();
                var mayRetry = failure.SocketErrorCode == SocketError.AddressAlreadyInUse && endPoint is IPEndPoint { Port: 0 };
                if (!mayRetry || left == 1)
                {
                    throw new WetwareException($"cannot listen on UDP {bound}: {failure.Message}; choose another address with --listen", failure);
                }
            }
        }
    }

    /// <summary>A socket for the datagrams of an address.</summary>
    /// <exception cref="SocketException">It is taken.</exception>
    public static Socket BindDatagrams(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Hands over the socket for datagrams; null where there is none, or it was handed over before.</summary>
    public Socket? TakeDatagrams() => Interlocked.Exchange(ref _datagrams, null);

    public void Dispose()
    {
        Connections.Dispose();
        _datagrams?.Dispose();
    }

    private static RpcListener Listen(string name, EndPoint endPoint)
    {
        try
        {
            return RpcListener.Listen(endPoint);
        }
        catch (SocketException failure)
        {
            throw new WetwareException($"cannot listen on {name}: {failure.Message}; choose another address with --listen", failure);
        }
    }
}

using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Wetware.Core;
using Wetware.Membership.Boot;

namespace Wetware.Host.Membership.Boot;

/// <summary>A datagram socket for boot packets: in a multicast group, or to ask addresses one by one.</summary>
internal sealed class BootSocket : IDisposable
{
    /// <summary>One more than a packet may have: what is longer shows.</summary>
    private const int BufferBytes = Wetware.Membership.Limits.BootDatagramBytesMax + 1;

    private readonly Socket _socket;

    private BootSocket(Socket socket, IPEndPoint? group)
    {
        _socket = socket;
        Group = group;
    }

    /// <summary>The multicast group that it is in.</summary>
    public IPEndPoint? Group { get; }

    /// <summary>Opens the socket that a target needs.</summary>
    /// <param name="target">Not static.</param>
    /// <param name="answers">Whether others are to reach it as well: a crawl of a network asks the port of the target at every address.</param>
    /// <exception cref="WetwareException">It cannot be opened.</exception>
    public static BootSocket Open(BootTarget target, bool answers)
    {
        var endPoint = target.EndPoint!;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (target.Interface is { } name)
            {
                JoinGroup(socket, endPoint, name);
                return new BootSocket(socket, endPoint);
            }

            var any = endPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
            if (!answers || target.Kind != BootKind.Crawl || !TryBind(socket, new IPEndPoint(any, endPoint.Port)))
            {
                // Another node of this machine answers crawls already, or nobody is to answer.
                socket.Bind(new IPEndPoint(any, 0));
            }

            return new BootSocket(socket, group: null);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new WetwareException($"cannot look for peers at {target.Address}: {failure.Message}", failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A socket that something else reads from, to answer through; not disposed.</summary>
    public static BootSocket Of(Socket socket) => new(socket, group: null);

    /// <summary>Sends; a datagram that cannot be sent is as good as lost on the way.</summary>
    public void Send(ReadOnlySpan<byte> datagram, IPEndPoint to)
    {
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, to);
        }
        catch (SocketException)
        {
            // Whoever asks asks again.
        }
        catch (ObjectDisposedException)
        {
            // The node is stopping.
        }
    }

    /// <summary>Reads until it is cancelled or the socket is closed.</summary>
    public async Task ReceiveAsync(Action<BootDatagram> deliver, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        var any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, cancellation).ConfigureAwait(false);
                deliver(new BootDatagram(buffer.AsSpan(0, received.ReceivedBytes).ToArray(), (IPEndPoint)received.RemoteEndPoint, this));
            }
            catch (SocketException)
            {
                // A question of ours met a closed port, or one of theirs was far too long.
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static void JoinGroup(Socket socket, IPEndPoint group, string name)
    {
        var index = InterfaceIndex(name, group.AddressFamily);
        // Every node of a machine is in the group, each with a socket on its port. Bound to the group, it hears nothing else.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        socket.Bind(OperatingSystem.IsWindows() ? new IPEndPoint(IPAddress.Any, group.Port) : group);
        if (group.AddressFamily == AddressFamily.InterNetwork)
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group.Address, index));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(index));
        }
        else
        {
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(group.Address, index));
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, index);
        }
    }

    private static int InterfaceIndex(string name, AddressFamily family)
    {
        var found = NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(candidate => candidate.Name == name);
        if (found is null)
        {
            var names = string.Join(", ", NetworkInterface.GetAllNetworkInterfaces().Select(candidate => candidate.Name));
            throw new WetwareException($"there is no network interface '{name}'; there are {names}");
        }

        var properties = found.GetIPProperties();
        return family == AddressFamily.InterNetwork ? properties.GetIPv4Properties().Index : properties.GetIPv6Properties().Index;
    }

    private static bool TryBind(Socket socket, IPEndPoint endPoint)
    {
        try
        {
            socket.Bind(endPoint);
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}

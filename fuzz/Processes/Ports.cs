using System.Net;
using System.Net.Sockets;

namespace Wetware.Fuzz.Processes;

/// <summary>
/// Free ports that stay a node's own over its restarts: below those that the system lends to outgoing connections, one of
/// which could otherwise take the port while its node is down.
/// </summary>
internal static class Ports
{
    private const int First = 10_000;
    private const int Last = 30_000;

    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var stream = new TcpListener(IPAddress.Loopback, port);
                stream.Start();
                using var datagrams = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it; the next draw is another.
            }
        }
    }
}

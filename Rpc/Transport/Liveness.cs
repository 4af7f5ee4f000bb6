using System.Net.Sockets;

namespace Wetware.Rpc.Transport;

/// <summary>
/// Lets the system ask an idle peer whether it is still there: one that vanished without a word, with its machine or its network, is a
/// closed connection after half a minute. A peer that is there and does not read is not.
/// </summary>
internal static class Liveness
{
    /// <summary>Seconds of silence before the first question.</summary>
    public const int IdleSeconds = 15;

    /// <summary>Seconds between questions.</summary>
    public const int IntervalSeconds = 5;

    /// <summary>Questions that may go unanswered.</summary>
    public const int QuestionsMax = 3;

    /// <summary>Begins to ask; nothing for a socket within the machine.</summary>
    public static void Watch(Socket socket)
    {
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, IntervalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, QuestionsMax);
        }
    }
}

using System.Net.Sockets;

namespace Wetware.Rpc.Transport;

/// <summary>A socket that does not block, by the base library alone: a receive waits in a poll first.</summary>
internal sealed class PolledSocket : StreamSocket
{
    public PolledSocket(Socket socket)
        : base(socket) => socket.Blocking = false;

    public override int Receive(Span<byte> room, Span<byte> behind)
    {
        while (true)
        {
            Socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
            var count = Socket.Receive(room, SocketFlags.None, out var error);
            switch (error)
            {
                case SocketError.Success:
                    return count;
                case SocketError.WouldBlock or SocketError.Interrupted:
                    break;
                default:
                    throw new SocketException((int)error);
            }
        }
    }

    public override int Send(List<ArraySegment<byte>> buffers)
    {
        while (true)
        {
            var count = buffers.Count == 1
                ? Socket.Send(buffers[0].AsSpan(), SocketFlags.None, out var error)
                : Socket.Send(buffers, SocketFlags.None, out error);
            switch (error)
            {
                case SocketError.Success:
                    return count;
                case SocketError.WouldBlock:
                    return -1;
                case SocketError.Interrupted:
                    break;
                default:
                    throw new SocketException((int)error);
            }
        }
    }
}

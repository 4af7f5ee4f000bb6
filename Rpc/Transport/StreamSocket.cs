using System.Net.Sockets;

namespace Wetware.Rpc.Transport;

/// <summary>
/// What a transport asks of a stream socket: receives that wait, sends that never do, and both at once from different threads.
/// </summary>
internal abstract class StreamSocket(Socket socket)
{
    /// <summary>The socket.</summary>
    protected Socket Socket => socket;

    /// <summary>The best way there is on this system.</summary>
    public static StreamSocket For(Socket socket) => OperatingSystem.IsLinux() ? new LinuxSocket(socket) : new PolledSocket(socket);

    /// <summary>Waits for bytes.</summary>
    /// <param name="room">Filled first; not empty.</param>
    /// <param name="behind">May be filled once there is no more room; may be empty.</param>
    /// <returns>How many came; 0 at the end of the stream.</returns>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="ObjectDisposedException">It was closed here.</exception>
    public abstract int Receive(Span<byte> room, Span<byte> behind);

    /// <summary>Sends as much as fits, without waiting.</summary>
    /// <returns>How many bytes went; -1 if the socket is full.</returns>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="ObjectDisposedException">It was closed here.</exception>
    public abstract int Send(List<ArraySegment<byte>> buffers);

    /// <summary>Waits until the socket may take more.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="ObjectDisposedException">It was closed here.</exception>
    public void WaitForRoom() => socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectWrite);
}

using System.Net.Sockets;
using System.Runtime.InteropServices;
using Wetware.Core;

namespace Wetware.Rpc.Transport;

/// <summary>
/// A socket that blocks, called directly: receives wait in the kernel, and each send says for itself that it does not wait. The
/// base library can say that for a whole socket only, at the price of a poll before every receive (docs/decisions/0121).
/// </summary>
internal sealed unsafe partial class LinuxSocket : StreamSocket
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int BrokenPipe = 32;
    private const int ConnectionReset = 104;
    private const int TimedOut = 110;

    public LinuxSocket(Socket socket)
        : base(socket)
    {
        Invariant.Check(socket.Blocking);
    }

    public override int Receive(Span<byte> room, Span<byte> behind)
    {
        while (true)
        {
            var count = behind.IsEmpty ? ReceiveOne(room) : ReceiveTwo(room, behind);
            if (count >= 0)
            {
                return (int)count;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
            {
                // Somebody made the socket non-blocking before it came here.
                Socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
            }
            else if (error != Interrupted)
            {
                throw Failure(error);
            }
        }
    }

    public override int Send(List<ArraySegment<byte>> buffers)
    {
        while (true)
        {
            var count = buffers.Count == 1 ? SendOne(buffers[0]) : SendAll(buffers);
            if (count >= 0)
            {
                return (int)count;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
            {
                return -1;
            }

            if (error != Interrupted)
            {
                throw Failure(error);
            }
        }
    }

    private nint ReceiveOne(Span<byte> room)
    {
        fixed (byte* bytes = room)
        {
            return Receive(Socket.SafeHandle, bytes, (nuint)room.Length, 0);
        }
    }

    private nint ReceiveTwo(Span<byte> room, Span<byte> behind)
    {
        fixed (byte* first = room, second = behind)
        {
            var vectors = stackalloc Vector[]
            {
                new() { Bytes = first, Length = (nuint)room.Length }, new() { Bytes = second, Length = (nuint)behind.Length },
            };
            var message = new Message { Vectors = vectors, VectorCount = 2 };
            return ReceiveMessage(Socket.SafeHandle, &message, 0);
        }
    }

    private nint SendOne(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return Send(Socket.SafeHandle, bytes, (nuint)buffer.Length, DontWait | NoSignal);
        }
    }

    private nint SendAll(List<ArraySegment<byte>> buffers)
    {
        Invariant.Check(buffers.Count <= Limits.SendBuffersMax);
        var pins = stackalloc GCHandle[Limits.SendBuffersMax];
        var vectors = stackalloc Vector[Limits.SendBuffersMax];
        for (var i = 0; i < buffers.Count; i++)
        {
            var buffer = buffers[i];
            pins[i] = GCHandle.Alloc(buffer.Array, GCHandleType.Pinned);
            vectors[i] = new Vector { Bytes = (byte*)pins[i].AddrOfPinnedObject() + buffer.Offset, Length = (nuint)buffer.Count };
        }

        try
        {
            var message = new Message { Vectors = vectors, VectorCount = (nuint)buffers.Count };
            return SendMessage(Socket.SafeHandle, &message, DontWait | NoSignal);
        }
        finally
        {
            for (var i = 0; i < buffers.Count; i++)
            {
                pins[i].Free();
            }
        }
    }

    private static SocketException Failure(int error) => new(
        (int)(error switch
        {
            BrokenPipe => SocketError.Shutdown,
            ConnectionReset => SocketError.ConnectionReset,
            TimedOut => SocketError.TimedOut,
            _ => SocketError.SocketError,
        }),
        Marshal.GetPInvokeErrorMessage(error));

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Receive(SafeSocketHandle socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReceiveMessage(SafeSocketHandle socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(SafeSocketHandle socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SendMessage(SafeSocketHandle socket, Message* message, int flags);

    /// <summary>The kernel's <c>iovec</c>.</summary>
    private struct Vector
    {
        public byte* Bytes;
        public nuint Length;
    }

    /// <summary>The kernel's <c>msghdr</c>.</summary>
    private struct Message
    {
        public void* Name;
        public nuint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}

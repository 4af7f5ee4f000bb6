using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Wetware.Rpc.Transport;

/// <summary>Makes transports.</summary>
public static class Transports
{
    /// <summary>A connected stream socket, TCP or Unix. The transport owns it; nothing asynchronous may have been done with it.</summary>
    public static FrameTransport FromSocket(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return new SocketTransport(socket);
    }

    /// <summary>Any stream, such as a TLS one. The transport owns it.</summary>
    /// <param name="stream">Readable and writable.</param>
    /// <param name="peer">Who the other side is, for people.</param>
    public static FrameTransport FromStream(Stream stream, string peer)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new PipeTransport(new StreamPipe(stream), peer, isStream: true);
    }

    /// <summary>Any pipe. The transport owns it.</summary>
    /// <param name="pipe">Its two ends.</param>
    /// <param name="peer">Who the other side is, for people.</param>
    public static FrameTransport FromPipe(IDuplexPipe pipe, string peer)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return new PipeTransport(pipe, peer, isStream: false);
    }

    /// <summary>Two transports that are each other's other side, in memory.</summary>
    public static (FrameTransport One, FrameTransport Other) InMemory()
    {
        var options = new PipeOptions(useSynchronizationContext: false);
        var there = new Pipe(options);
        var back = new Pipe(options);
        return (FromPipe(new DuplexPipe(back.Reader, there.Writer), "in-memory"),
            FromPipe(new DuplexPipe(there.Reader, back.Writer), "in-memory"));
    }

    /// <summary>Connects over TCP, or to a Unix socket.</summary>
    /// <param name="endPoint">An address, a host name with a port, or a path.</param>
    /// <param name="cancellationToken">Gives up waiting; the attempt itself then ends on its own.</param>
    /// <exception cref="SocketException">No server answers there.</exception>
    public static async Task<FrameTransport> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var connecting = Task.Run(() => Connect(endPoint), cancellationToken);
        return new SocketTransport(await connecting.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Connects over TCP and secures the connection.</summary>
    /// <param name="endPoint">An address, or a host name with a port.</param>
    /// <param name="options">Who the peer must prove to be, and what this side shows.</param>
    /// <param name="established">Looks at the finished handshake; what it throws refuses the connection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer did not prove it.</exception>
    public static async Task<FrameTransport> ConnectTlsAsync(
        EndPoint endPoint,
        SslClientAuthenticationOptions options,
        Action<SslStream>? established = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var socket = NewSocket(endPoint);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            Liveness.Watch(socket);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            established?.Invoke(stream);
            return FromStream(stream, Name(socket));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Secures a connection that was accepted.</summary>
    /// <param name="socket">Owned by the transport, or disposed if this fails.</param>
    /// <param name="options">What this side shows, and who the peer must prove to be.</param>
    /// <param name="established">Looks at the finished handshake; what it throws refuses the connection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer did not prove it.</exception>
    public static async Task<FrameTransport> AcceptTlsAsync(
        Socket socket,
        SslServerAuthenticationOptions options,
        Action<SslStream>? established = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(socket);
        try
        {
            if (socket.ProtocolType == ProtocolType.Tcp)
            {
                socket.NoDelay = true;
            }

            Liveness.Watch(socket);

            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsServerAsync(options, cancellationToken).ConfigureAwait(false);
            established?.Invoke(stream);
            return FromStream(stream, Name(socket));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Connect(EndPoint endPoint)
    {
        var socket = NewSocket(endPoint);
        try
        {
            socket.Connect(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Name(Socket socket) => socket.RemoteEndPoint?.ToString() is { Length: > 0 } name ? name : "a Unix socket";

    private static Socket NewSocket(EndPoint endPoint) => endPoint switch
    {
        UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        DnsEndPoint { AddressFamily: AddressFamily.Unspecified } => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        _ => new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
    };

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: Limits.ReceiveBytes));

        public PipeWriter Output { get; } = PipeWriter.Create(stream,
            new StreamPipeWriterOptions(minimumBufferSize: Limits.SendBatchBytes));
    }
}

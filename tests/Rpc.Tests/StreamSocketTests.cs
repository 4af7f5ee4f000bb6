using System.Net;
using System.Net.Sockets;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc.Tests;

/// <summary>The contract of <see cref="StreamSocket"/>, for each of its implementations, over TCP and Unix sockets.</summary>
public sealed class StreamSocketTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string> All => new()
    {
        { "linux", "tcp" }, { "linux", "unix" }, { "polled", "tcp" }, { "polled", "unix" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_is_sent_in_pieces_arrives_whole(string implementation, string family)
    {
        using var pair = Pair.Connect(family);
        var sender = Make(implementation, pair.One);
        var receiver = Make(implementation, pair.Other);
        var sent = new byte[3_000_001];
        new Random(1).NextBytes(sent);
        var received = new byte[sent.Length];
        var receiving = Task.Run(() =>
        {
            var count = 0;
            while (count < received.Length)
            {
                // To two places that are one.
                var room = received.AsSpan(count, Math.Min(70_001, received.Length - count));
                count += receiver.Receive(room[..((room.Length + 1) / 2)], room[((room.Length + 1) / 2)..]);
            }
        });
        var start = 0;
        while (start < sent.Length)
        {
            // Several buffers of one array, from one byte to more than the socket takes.
            var buffers = new List<ArraySegment<byte>>();
            var end = start;
            foreach (var length in (int[])[1, 100, 900_000, 7, 0, 65_536])
            {
                var piece = Math.Min(length, sent.Length - end);
                buffers.Add(new ArraySegment<byte>(sent, end, piece));
                end += piece;
            }

            var count = sender.Send(buffers);
            if (count < 0)
            {
                sender.WaitForRoom();
            }
            else
            {
                start += count;
            }
        }

        await receiving.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal(sent, received);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_full_socket_is_told_and_not_waited_for(string implementation, string family)
    {
        using var pair = Pair.Connect(family);
        var sender = Make(implementation, pair.One);
        var block = new List<ArraySegment<byte>> { new(new byte[1 << 20]) };
        var filling = Task.Run(() =>
        {
            while (sender.Send(block) >= 0)
            {
            }
        });
        await filling.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal(-1, sender.Send([new(new byte[10]), new(new byte[1 << 20])]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_end_is_zero_bytes_and_wakes_who_waits(string implementation, string family)
    {
        using var pair = Pair.Connect(family);
        var receiver = Make(implementation, pair.One);
        var receiving = Task.Run(() => receiver.Receive(new byte[10], []));
        pair.Other.Shutdown(SocketShutdown.Both);
        Assert.Equal(0, await receiving.WaitAsync(s_patience, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_shutdown_of_ones_own_wakes_who_waits(string implementation, string family)
    {
        using var pair = Pair.Connect(family);
        var receiver = Make(implementation, pair.One);
        var receiving = Task.Run(() => receiver.Receive(new byte[10], []));
        pair.One.Shutdown(SocketShutdown.Both);
        Assert.Equal(0, await receiving.WaitAsync(s_patience, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_broken_connection_is_an_error(string implementation, string family)
    {
        using var pair = Pair.Connect(family);
        var sender = Make(implementation, pair.One);
        pair.Other.LingerState = new LingerOption(true, 0);
        pair.Other.Dispose();
        var failure = Assert.Throws<SocketException>(SendForever);
        Assert.NotEmpty(failure.Message);

        void SendForever()
        {
            while (true)
            {
                sender.Send([new(new byte[10])]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_closed_socket_is_disposed(string implementation, string family)
    {
        using var pair = Pair.Connect(family);
        var socket = Make(implementation, pair.One);
        pair.One.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { socket.Send([new(new byte[10])]); });
        Assert.Throws<ObjectDisposedException>(() => { socket.Receive(new byte[10], []); });
    }

    private static StreamSocket Make(string implementation, Socket socket)
    {
        if (implementation == "polled")
        {
            return new PolledSocket(socket);
        }

        Assert.SkipUnless(OperatingSystem.IsLinux(), "only on Linux");
        return new LinuxSocket(socket);
    }

    private sealed record Pair(Socket One, Socket Other, string? Path) : IDisposable
    {
        public static Pair Connect(string family)
        {
            var path = family == "unix" ? System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString("N")) : null;
            EndPoint endPoint = path is null ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(path);
            var protocol = path is null ? ProtocolType.Tcp : ProtocolType.Unspecified;
            using var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol);
            listener.Bind(endPoint);
            listener.Listen(1);
            var one = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol);
            one.Connect(listener.LocalEndPoint!);
            return new Pair(one, listener.Accept(), path);
        }

        public void Dispose()
        {
            One.Dispose();
            Other.Dispose();
            if (Path is not null)
            {
                File.Delete(Path);
            }
        }
    }
}

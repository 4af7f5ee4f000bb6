using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Wetware.Cli.Tests.Programs;
using Wetware.Core;
using Wetware.Testing;

namespace Wetware.Cli.Tests.BadInput;

/// <summary>Bytes that no peer sends, on the port of a living node, behind TLS and without: it closes the connection, says why in its log, and goes on.</summary>
public sealed class HostileBytesTests(LiveNode live) : IClassFixture<LiveNode>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")]
    public async Task Another_protocol(string greeting) => await RefusesAsync(Encoding.Latin1.GetBytes(greeting));

    [Fact]
    public async Task Garbage()
    {
        var prng = new Prng(Property.Seed());
        var bytes = new byte[64 << 10];
        prng.Fill(bytes);
        // A count of segments that is small by chance would have the node wait, rightly, for the rest.
        bytes[3] |= 0x80;
        await RefusesAsync(bytes);
    }

    [Fact]
    public async Task A_message_of_garbage_in_a_frame_that_is_well_formed()
    {
        var prng = new Prng(Property.Seed());
        var bytes = new byte[8 + (64 * 8)];
        prng.Fill(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), 64);
        await RefusesAsync(bytes);
    }

    [Fact]
    public async Task An_oversized_frame_is_refused_when_it_is_announced()
    {
        var header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), int.MaxValue);
        await RefusesAsync(header);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_dies_in_the_middle_of_a_frame(bool isReset)
    {
        var frame = new byte[8 + 20];
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), 100);
        foreach (var node in live.Nodes)
        {
            using var socket = await ConnectAsync(node);
            var local = socket.LocalEndPoint!.ToString()!;
            await socket.SendAsync(frame, Cancellation);
            socket.LingerState = new LingerOption(isReset, 0);
            socket.Close();
            await node.Log.FirstAsync(line => line.Contains($"connection from {local} ", StringComparison.Ordinal), "the end of the connection");
            await StillAnswersAsync(node);
        }
    }

    [Fact]
    public async Task Datagrams_of_garbage()
    {
        var prng = new Prng(Property.Seed());
        using var socket = new UdpClient();
        foreach (var node in live.Nodes)
        {
            for (var length = 0; length <= 1_400; length += 100)
            {
                var bytes = new byte[length];
                prng.Fill(bytes);
                await socket.SendAsync(bytes, new IPEndPoint(IPAddress.Loopback, node.Port), Cancellation);
            }

            await StillAnswersAsync(node);
        }
    }

    private async Task RefusesAsync(byte[] bytes)
    {
        foreach (var node in live.Nodes)
        {
            await RefusesAsync(node, bytes);
        }
    }

    private static async Task RefusesAsync(WwNode node, byte[] bytes)
    {
        using var socket = await ConnectAsync(node);
        var local = socket.LocalEndPoint!.ToString()!;
        var end = EndAsync(socket);
        try
        {
            await socket.SendAsync(bytes, Cancellation);
        }
        catch (SocketException)
        {
            // It may be closed before all of it is sent.
        }

        await Patience.For(end, "the node to close the connection", node.Log.ToString);
        await node.Log.FirstAsync(line => line.Contains($"connection from {local} refused", StringComparison.Ordinal), "why the connection was refused");
        await StillAnswersAsync(node);
    }

    private static async Task<Socket> ConnectAsync(WwNode node)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Port), Cancellation);
        return socket;
    }

    /// <summary>Reads until the other side closes the connection, in whichever way.</summary>
    private static async Task<bool> EndAsync(Socket socket)
    {
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, Cancellation) > 0)
            {
                // Whatever it says before it closes, such as an abort, is its right.
            }
        }
        catch (SocketException)
        {
            // Reset: closed as well.
        }

        return true;
    }

    private static async Task StillAnswersAsync(WwNode node)
    {
        Assert.True(node.IsRunning, node.Log.ToString());
        Assert.NotNull(await Patience.For(node.StatusAsync(), "the node's status", node.Log.ToString));
        var peers = (await Ww.RunAsync(["ls", "--json", "--join", node.Address, .. node.Security])).Succeeded();
        Assert.Single(peers.OutputLines);
        Ended.NoTrace(node.Log.ToString());
    }
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Wetware.Capnp;
using Wetware.Rpc.Transport;
using Wetware.Rpc.Vat.Generated;
using Wetware.Testing;

namespace Wetware.Rpc.Tests;

/// <summary>A peer that sends exactly the messages it is told to, and writes down them and the ones it gets, one line each.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly Socket _socket;
    private readonly List<string> _lines = [];
    private byte[] _received = new byte[65536];
    private int _start;
    private int _end;

    private ScriptedPeer(Socket socket, RpcConnection connection)
    {
        _socket = socket;
        Connection = connection;
    }

    /// <summary>The connection under test.</summary>
    public RpcConnection Connection { get; }

    public static async Task<ScriptedPeer> StartAsync(ICapabilityServer? server, RpcOptions? options = null)
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var accepting = listener.AcceptAsync();
        await socket.ConnectAsync(listener.EndPoint);
        using var bootstrap = server is null ? null : Capability.Serve(server);
        options = (options ?? RpcOptions.Default) with { Bootstrap = bootstrap ?? options?.Bootstrap };
        return new ScriptedPeer(socket, RpcConnection.Start(Transports.FromSocket(await accepting), options));
    }

    /// <summary>Sends one message.</summary>
    public async Task SendAsync(Action<Message.Builder> fill)
    {
        var message = new MessageBuilder();
        var root = message.InitRoot<Message.Builder>();
        fill(root);
        _lines.Add("> " + Transcript.Line(root.AsReader()));
        await _socket.SendAsync(Bytes(message));
    }

    /// <summary>Sends bytes that need not be a message.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes);

    /// <summary>The next message, as one line.</summary>
    public async Task<string> NextAsync()
    {
        while (true)
        {
            var length = Frames.FirstLength(_received.AsSpan(_start, _end - _start));
            if (length > 0)
            {
                var reader = new MessageReader();
                reader.Open(_received.AsMemory(_start, length));
                _start += length;
                return Heard(Transcript.Line(reader.GetRoot<Message.Reader>()));
            }

            MakeRoom();
            var count = await _socket.ReceiveAsync(_received.AsMemory(_end)).AsTask().WaitAsync(s_patience);
            if (count == 0)
            {
                return Heard("(end)");
            }

            _end += count;
        }
    }

    /// <summary>The next messages, one line each.</summary>
    public async Task<string[]> NextAsync(int count)
    {
        var lines = new string[count];
        for (var i = 0; i < count; i++)
        {
            lines[i] = await NextAsync();
        }

        return lines;
    }

    /// <summary>Ends the connection from this side.</summary>
    public void HangUp() => _socket.Shutdown(SocketShutdown.Both);

    public async Task<CloseReason> ClosedAsync() => await Connection.Closed.WaitAsync(s_patience);

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        _socket.Dispose();
    }

    /// <summary>
    /// Compares what was said with the transcript of a test, in the folder Transcripts; with WW_GOLDEN=rewrite in the environment,
    /// writes it instead, to be reviewed as a diff.
    /// </summary>
    public void Matches([CallerMemberName] string name = "")
    {
        var path = Path.Combine(Conformance.Root, "tests", "Rpc.Tests", "Transcripts", name + ".txt");
        if (Environment.GetEnvironmentVariable("WW_GOLDEN") == "rewrite")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, _lines);
        }

        Assert.True(File.Exists(path), $"{path} is missing; WW_GOLDEN=rewrite writes it");
        Assert.Equal(File.ReadAllLines(path), _lines);
    }

    private string Heard(string line)
    {
        _lines.Add("< " + line);
        return line;
    }

    private void MakeRoom()
    {
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        _end -= _start;
        _start = 0;
        if (_end == _received.Length)
        {
            Array.Resize(ref _received, 2 * _end);
        }
    }

    private static byte[] Bytes(MessageBuilder message)
    {
        using var stream = new MemoryStream();
        var header = new byte[((message.SegmentCount + 1) * 4 + 7) & ~7];
        BitConverter.TryWriteBytes(header, message.SegmentCount - 1);
        for (var i = 0; i < message.SegmentCount; i++)
        {
            BitConverter.TryWriteBytes(header.AsSpan((i + 1) * 4), message.GetSegmentBytes(i).Length / 8);
        }

        stream.Write(header);
        for (var i = 0; i < message.SegmentCount; i++)
        {
            stream.Write(message.GetSegmentBytes(i).Span);
        }

        return stream.ToArray();
    }
}

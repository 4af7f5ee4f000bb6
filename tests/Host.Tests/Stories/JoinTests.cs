using System.Net;
using System.Net.Sockets;
using Wetware.Core;
using Wetware.Host.Storage;

namespace Wetware.Host.Tests.Stories;

/// <summary>Whom a node is told to join answers late, or not at all.</summary>
public sealed class JoinTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Whoever_keeps_silent_at_first_is_asked_again_until_it_answers()
    {
        const int Silences = 3;
        await using var one = await WetwareNode.StartAsync(Options("1"), cancellation: Limit);
        using var busy = new Busy(one, Silences);
        await using var two = await WetwareNode.StartAsync(Options("2") with { Join = [busy.Address], DialTimeout = TimeSpan.FromMilliseconds(200), JoinTimeout = s_patience }, cancellation: Limit);
        Assert.True(busy.Asked > Silences);
        while (true)
        {
            var changed = one.GroupsChanged;
            if (one.Groups[0] is var group && (group.Learners.Contains(two.Groups[0].Node) || group.Voters.Contains(two.Groups[0].Node)))
            {
                break;
            }

            await changed.WaitAsync(s_patience, Limit);
        }
    }

    [Fact]
    public async Task Whoever_never_answers_is_given_up_when_the_time_is_over()
    {
        using var silent = new Busy(null, int.MaxValue);
        var options = Options("1") with { Join = [silent.Address], DialTimeout = TimeSpan.FromMilliseconds(50), JoinTimeout = TimeSpan.FromSeconds(2) };
        var failure = await Assert.ThrowsAsync<WetwareException>(() => WetwareNode.StartAsync(options, cancellation: Limit));
        Assert.StartsWith($"cannot join: {silent.Address} did not answer within ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(" of asking, 2 s in all)", failure.Message, StringComparison.Ordinal);
        Assert.True(silent.Asked > 1);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task An_address_where_nobody_listens_does_not_cut_short_the_wait_for_one_who_is_slow()
    {
        await using var one = await WetwareNode.StartAsync(Options("1"), cancellation: Limit);
        using var busy = new Busy(one, 1);
        await using var two = await WetwareNode.StartAsync(
            Options("2") with { Join = [busy.Address, "/ip4/127.0.0.1/tcp/1"], DialTimeout = TimeSpan.FromMilliseconds(200), JoinTimeout = s_patience }, cancellation: Limit);
        Assert.True(busy.Asked > 1);
    }

    private WetwareOptions Options(string name) => WetwareOptions.Default with { DataFolder = Path.Combine(_folder, name) };

    /// <summary>Accepts so many connections and says nothing, and lets later ones through to a node.</summary>
    private sealed class Busy : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<Socket> _sockets = [];
        private readonly int _port;
        private readonly int _silences;
        private int _asked;

        public Busy(WetwareNode? behind, int silences)
        {
            _silences = silences;
            _port = behind is null ? 0 : int.Parse(behind.Addresses[0].ToString().Split('/')[4], System.Globalization.CultureInfo.InvariantCulture);
            _listener.Start();
            _ = AcceptAsync();
        }

        public string Address => $"/ip4/127.0.0.1/tcp/{((IPEndPoint)_listener.LocalEndpoint).Port}";

        /// <summary>Connections so far.</summary>
        public int Asked => Volatile.Read(ref _asked);

        public void Dispose()
        {
            _listener.Dispose();
            lock (_sockets)
            {
                _sockets.ForEach(socket => socket.Dispose());
            }
        }

        private static async Task PipeAsync(Socket from, Socket to)
        {
            var buffer = new byte[16 << 10];
            try
            {
                while (await from.ReceiveAsync(buffer) is > 0 and var length)
                {
                    await to.SendAsync(buffer.AsMemory(0, length));
                }

                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                from.Dispose();
                to.Dispose();
            }
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var socket = Keep(await _listener.AcceptSocketAsync());
                    if (Interlocked.Increment(ref _asked) > _silences)
                    {
                        var node = Keep(new Socket(SocketType.Stream, ProtocolType.Tcp));
                        await node.ConnectAsync(IPAddress.Loopback, _port);
                        _ = PipeAsync(socket, node);
                        _ = PipeAsync(node, socket);
                    }
                }
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private Socket Keep(Socket socket)
        {
            lock (_sockets)
            {
                _sockets.Add(socket);
            }

            return socket;
        }
    }
}

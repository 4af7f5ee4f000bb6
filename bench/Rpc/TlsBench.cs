using System.Diagnostics;
using System.Globalization;
using System.Net;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Host.Net;
using Wetware.Rpc;

namespace Wetware.Bench.Rpc;

/// <summary>What TLS between peers costs beside plain text: the handshake, calls, streams, and managed bytes. Both ends in this process, over loopback.</summary>
internal static class TlsBench
{
    private const int WarmUp = 20_000;
    private static TimeSpan s_warmUp;

    public static async Task<int> RunAsync(bool isSmoke)
    {
        var scale = isSmoke ? 50 : 1;
        s_warmUp = TimeSpan.FromMilliseconds(isSmoke ? 10 : 1_000);
        await using var plain = await Pair.ConnectAsync(isInsecure: true);
        await using var secured = await Pair.ConnectAsync(isInsecure: false);
        Console.WriteLine("| load | plain TCP | TLS 1.3 |");
        Console.WriteLine("| --- | --- | --- |");
        Row("connect, both prove who they are: p50 / p99 us", await HandshakesAsync(plain, 500 / scale), await HandshakesAsync(secured, 500 / scale));
        string[][] loads =
        [
            ["ping", $"{50_000 / scale}"], ["conc", "64", $"{400_000 / scale}"], ["echo", "65536", $"{10_000 / scale}"],
            ["stream", "1024", $"{400_000_000 / scale}"], ["stream", "65536", $"{4_000_000_000L / scale}"],
        ];
        foreach (var load in loads)
        {
            Row(string.Join(' ', load), await LoadAsync(plain, load), await LoadAsync(secured, load));
        }

        Row("managed bytes per ping, both ends", await BytesAsync(plain, 100_000 / scale), await BytesAsync(secured, 100_000 / scale));
        return 0;
    }

    private static void Row(string what, string plain, string secured) => Console.WriteLine($"| {what} | {plain} | {secured} |");

    private static async Task<string> LoadAsync(Pair pair, string[] load)
    {
        var report = await Loads.RunAsync(pair.Bench, load, s_warmUp);
        return report.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<string> HandshakesAsync(Pair pair, int count)
    {
        var times = new double[count];
        for (var i = -count / 4; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await pair.ConnectOnceAsync();
            times[Math.Max(i, 0)] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"{times[count / 2]:0} / {times[count * 99 / 100]:0}");
    }

    private static async Task<string> BytesAsync(Pair pair, int calls)
    {
        await PingAsync(pair.Bench, WarmUp);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await PingAsync(pair.Bench, calls);
        return ((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)calls).ToString("0.0", CultureInfo.InvariantCulture);
    }

    private static async Task PingAsync(Generated.Bench.Client bench, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var answer = bench.Ping((ulong)i);
            _ = (await answer).X;
        }
    }

    /// <summary>A server and a client that are connected, and may be connected again.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly PeerKey _serverKey = PeerKey.Create();
        private readonly PeerKey _clientKey = PeerKey.Create();
        private readonly IChannelSecurity _server;
        private readonly IChannelSecurity _client;
        private readonly RpcListener _listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly Capability _bootstrap = Capability.Serve(new BenchServer());
        private readonly bool _isInsecure;
        private RpcConnection _serving = null!;
        private RpcConnection _calling = null!;

        private Pair(bool isInsecure)
        {
            _isInsecure = isInsecure;
            _server = Dialer.NewSecurity(_serverKey, "bench", isInsecure);
            _client = Dialer.NewSecurity(_clientKey, "bench", isInsecure);
        }

        public Generated.Bench.Client Bench { get; private set; }

        public static async Task<Pair> ConnectAsync(bool isInsecure)
        {
            var pair = new Pair(isInsecure);
            (pair._serving, pair._calling) = await pair.OpenAsync();
            pair.Bench = pair._calling.Bootstrap<Generated.Bench.Client>();
            return pair;
        }

        /// <summary>Opens a connection, asks one thing over it, and closes it.</summary>
        public async Task ConnectOnceAsync()
        {
            var (serving, calling) = await OpenAsync();
            using (var bench = calling.Bootstrap<Generated.Bench.Client>())
            {
                using var answer = bench.Ping(7);
                Invariant.Check((await answer).X == 7);
            }

            await calling.DisposeAsync();
            await serving.DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            Bench.Dispose();
            await _calling.DisposeAsync();
            await _serving.DisposeAsync();
            _listener.Dispose();
            _bootstrap.Dispose();
            _server.Dispose();
            _client.Dispose();
            _serverKey.Dispose();
            _clientKey.Dispose();
        }

        private async Task<(RpcConnection Serving, RpcConnection Calling)> OpenAsync()
        {
            var accepting = AcceptAsync();
            var channel = await _client.ConnectAsync(_listener.EndPoint, _isInsecure ? PeerId.None : _serverKey.Peer, CancellationToken.None);
            return (RpcConnection.Start((await accepting).Transport, RpcOptions.Default with { Bootstrap = _bootstrap }), RpcConnection.Start(channel.Transport));
        }

        private async Task<SecuredChannel> AcceptAsync() => await _server.AcceptAsync(await _listener.AcceptAsync(), CancellationToken.None);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using Wetware.Client;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Host.Membership;
using Wetware.Host.Net;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Bench.Membership;

/// <summary>Queries of a table in another process, over TCP and over TLS: the first record, and the whole stream. Every answer is checked.</summary>
internal static class ViewBench
{
    private const int Runs = 7;
    private static readonly Query s_prefix = Query.Match(IndexKey.Create(IndexKind.Meta, "region=r3", prefix: true));

    public static async Task<int> RunAsync(bool isSmoke)
    {
        var count = isSmoke ? 20_000 : 1_000_000;
        var asks = isSmoke ? 200 : 10_000;
        using var child = new Child(["membership", "view-process", count.ToString(CultureInfo.InvariantCulture)]);
        var ports = (await child.LineAsync(CancellationToken.None)).Split(' ').Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToArray();
        Console.WriteLine($"\nview of {count:n0} records in another process, best of {Runs}");
        Console.WriteLine("| operation | plain TCP | TLS | goal |");
        Console.WriteLine("| --- | --- | --- | --- |");
        await using var plain = await ConnectAsync(ports[0], isInsecure: true);
        await using var secured = await ConnectAsync(ports[1], isInsecure: false);
        await RowAsync("first record of a prefix query (lookup), p50 / p99 us", "100 us", plain, secured, connection => FirstAsync(connection, asks));
        await RowAsync("the same as a stream, until its first record, p50 / p99 us", "100 us", plain, secured, connection => FirstStreamedAsync(connection, asks / 5));
        await RowAsync("stream of all, records read in place, per second", "1 M", plain, secured, connection => StreamAsync(connection, count));
        await RowAsync("stream of all, as objects of the client library, per second", "-", plain, secured, connection => ObjectsAsync(connection, count));
        child.End();
        return 0;
    }

    private static async Task<RpcConnection> ConnectAsync(int port, bool isInsecure)
    {
        var key = PeerKey.Create();
        var security = Dialer.NewSecurity(key, ViewProcess.Namespace, isInsecure);
        var channel = await security.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), PeerId.None, CancellationToken.None);
        return RpcConnection.Start(channel.Transport);
    }

    private static async Task RowAsync(string what, string goal, RpcConnection plain, RpcConnection secured, Func<RpcConnection, Task<string>> measure) =>
        Console.WriteLine($"| {what} | {await measure(plain)} | {await measure(secured)} | {goal} |");

    private static async Task<string> FirstAsync(RpcConnection connection, int asks)
    {
        using var view = connection.Bootstrap<View.Client>();
        return await PercentilesAsync(asks, () => Task.CompletedTask, () => LookUpAsync(view));
    }

    private static async Task<long> LookUpAsync(View.Client view)
    {
        var request = view.LookupRequest();
        QueryCodec.Write(request.Params.InitSelector(), s_prefix);
        using var answer = request.Send();
        var results = await answer;
        Check(results.Found && results.Record.Meta.Count == 2);
        return Stopwatch.GetTimestamp();
    }

    private static async Task<string> FirstStreamedAsync(RpcConnection connection, int asks)
    {
        using var view = connection.Bootstrap<View.Client>();
        return await PercentilesAsync(asks, () => LookUpAsync(view), async () =>
        {
            var first = new FirstHandler();
            using var handler = View.Handler.Client.Serve(first);
            var request = view.IterRequest();
            request.Params.SetHandler(handler);
            QueryCodec.Write(request.Params.InitSelector(), s_prefix);
            using var answer = request.Send();
            return await first.Came.Task;
        });
    }

    private static async Task<string> StreamAsync(RpcConnection connection, int count)
    {
        using var view = connection.Bootstrap<View.Client>();
        var expected = TestRecords.ServerSum(count);
        return await RateAsync(count, async () =>
        {
            var sum = new SumHandler();
            using var handler = View.Handler.Client.Serve(sum);
            var request = view.IterRequest();
            request.Params.SetHandler(handler);
            request.Params.InitSelector().SetAll();
            using var answer = request.Send();
            await answer;
            Check(sum.Count == count && sum.Servers == expected && sum.Bytes > count * 40L);
        });
    }

    private static async Task<string> ObjectsAsync(RpcConnection connection, int count)
    {
        using var view = connection.Bootstrap<View.Client>();
        var session = new WetwareSession(HeldSession.Make(wire => wire.SetView(view)));
        var expected = TestRecords.ServerSum(count);
        return await RateAsync(count, async () =>
        {
            var (servers, records) = (0UL, 0);
            await foreach (var record in session.QueryAsync(Query.All))
            {
                servers += record.Server.Value;
                records++;
            }

            Check(records == count && servers == expected);
        });
    }

    /// <param name="asks">How often.</param>
    /// <param name="settle">What comes before each and is not measured: an answer that arrives behind all that was on its way.</param>
    /// <param name="ask">What is measured, until the time that it says.</param>
    private static async Task<string> PercentilesAsync(int asks, Func<Task> settle, Func<Task<long>> ask)
    {
        for (var i = 0; i < asks / 4; i++)
        {
            await ask();
        }

        var times = new double[asks];
        for (var i = 0; i < asks; i++)
        {
            await settle();
            var started = Stopwatch.GetTimestamp();
            times[i] = Stopwatch.GetElapsedTime(started, await ask()).TotalMicroseconds;
        }

        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"{times[asks / 2]:0} / {times[asks * 99 / 100]:0}");
    }

    private static async Task<string> RateAsync(int count, Func<Task> run)
    {
        var best = 0.0;
        for (var i = 0; i < Runs; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await run();
            best = Math.Max(best, count / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best.ToString("#,0", CultureInfo.InvariantCulture);
    }

    private static void Check(bool right)
    {
        if (!right)
        {
            throw new InvalidOperationException("the view gave a wrong answer");
        }
    }

    private sealed class FirstHandler : View.Handler.IServer
    {
        public TaskCompletionSource<long> Came { get; } = new();

        public ValueTask RecvAsync(CallContext<View.Handler.RecvParams.Reader, StreamResult.Builder> call)
        {
            var now = Stopwatch.GetTimestamp();
            Check(call.Params.Records[0].Meta.Count == 2);
            Came.TrySetResult(now);
            return default;
        }
    }

    private sealed class SumHandler : View.Handler.IServer
    {
        public int Count { get; private set; }

        public ulong Servers { get; private set; }

        public long Bytes { get; private set; }

        public ValueTask RecvAsync(CallContext<View.Handler.RecvParams.Reader, StreamResult.Builder> call)
        {
            foreach (var record in call.Params.Records)
            {
                Count++;
                Servers += record.Server;
                Bytes += record.Peer.Utf8.Length + record.Host.Utf8.Length;
                foreach (var label in record.Meta)
                {
                    Bytes += label.Utf8.Length;
                }
            }

            return default;
        }
    }
}

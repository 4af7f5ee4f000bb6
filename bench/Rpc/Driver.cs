using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Wetware.Rpc;
using Wetware.Rpc.Transport;

namespace Wetware.Bench.Rpc;

/// <summary>
/// A server and a client of bench.capnp as separate processes, to be compared with other implementations of the same
/// schema: any client here can talk to any server there.
/// </summary>
internal static class Driver
{
    private const string PipePrefix = "pipe:";
    private const string Usage =
        """
        usage: bench rpc server ADDR
               bench rpc client ADDR ping N | conc OUTSTANDING N | chain N | chainwait N | echo SIZE N | stream SIZE BYTES | put SIZE BYTES WINDOW
               bench rpc compare [ROUNDS] | smoke | alloc | tls
        compare runs every load in turns with the C++ implementation, each process pinned to core 0
        ADDR is HOST:PORT or unix:PATH; with pipe: before it, the frames go through System.IO.Pipelines over asynchronous sockets
        """;

    public static int Run(string[] arguments)
    {
        try
        {
            return arguments switch
            {
                ["server", var address] => Serve(address).GetAwaiter().GetResult(),
                ["client", var address, .. var load] => Client(address, load, Loads.WarmUpTime).GetAwaiter().GetResult(),
                ["compare"] => Compare.RunAsync(rounds: 3).GetAwaiter().GetResult(),
                ["compare", var rounds] => Compare.RunAsync(int.Parse(rounds, CultureInfo.InvariantCulture)).GetAwaiter().GetResult(),
                ["smoke"] => Smoke().GetAwaiter().GetResult(),
                ["alloc"] => Allocations.RunAsync().GetAwaiter().GetResult(),
                ["tls"] => TlsBench.RunAsync(isSmoke: false).GetAwaiter().GetResult(),
                _ => Fail(Usage),
            };
        }
        catch (Exception failure) when (failure is SocketException or FormatException or RpcException)
        {
            return Fail(failure.Message);
        }
    }

    /// <summary>Where a server is.</summary>
    public static EndPoint Parse(string address)
    {
        if (address.StartsWith("unix:", StringComparison.Ordinal))
        {
            return new UnixDomainSocketEndPoint(address["unix:".Length..]);
        }

        return IPEndPoint.TryParse(address, out var endPoint) ? endPoint : throw new FormatException($"'{address}' is no address; try 127.0.0.1:5555");
    }

    private static async Task<FrameTransport> ConnectAsync(string address)
    {
        if (!address.StartsWith(PipePrefix, StringComparison.Ordinal))
        {
            return await Transports.ConnectAsync(Parse(address));
        }

        var endPoint = Parse(address[PipePrefix.Length..]);
        var isUnix = endPoint is UnixDomainSocketEndPoint;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        return ToPipe(socket);
    }

    private static FrameTransport ToPipe(Socket socket)
    {
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
        }

        return Transports.FromStream(new NetworkStream(socket, ownsSocket: true), socket.RemoteEndPoint?.ToString() ?? "");
    }

    private static int Fail(string text)
    {
        Console.Error.WriteLine(text);
        return 1;
    }

    private static async Task<int> Serve(string address)
    {
        var isPipe = address.StartsWith(PipePrefix, StringComparison.Ordinal);
        using var listener = RpcListener.Listen(Parse(isPipe ? address[PipePrefix.Length..] : address));
        using var bench = Capability.Serve(new BenchServer());
        Console.WriteLine("ready");
        while (isPipe)
        {
            RpcConnection.Start(ToPipe(await listener.AcceptAsync()), RpcOptions.Default with { Bootstrap = bench });
        }

        await listener.ServeAsync(RpcOptions.Default with { Bootstrap = bench });
        return 0;
    }

    private static async Task<int> Client(string address, string[] load, TimeSpan warmUp)
    {
        await using var connection = RpcConnection.Start(await ConnectAsync(address));
        using var bench = connection.Bootstrap<Generated.Bench.Client>();
        var report = await Loads.RunAsync(bench, load, warmUp);
        if (report is null)
        {
            return Fail(Usage);
        }

        Console.WriteLine(report.Value.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    // Every load once, small, against a server in this process over loopback: proves the answers, and that a call allocates nothing, not the speed.
    private static async Task<int> Smoke()
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using var server = Capability.Serve(new BenchServer());
        using var stop = new CancellationTokenSource();
        var serving = listener.ServeAsync(RpcOptions.Default with { Bootstrap = server }, stop.Token);
        var address = listener.EndPoint.ToString()!;
        string[][] loads =
        [
            ["ping", "2000"], ["conc", "64", "5000"], ["chain", "500"], ["chainwait", "500"], ["echo", "1024", "500"],
            ["stream", "65536", "8000000"], ["put", "1024", "1000000", "16"],
        ];
        foreach (var load in loads)
        {
            Console.Write(string.Join(' ', load) + ": ");
            if (await Client(address, load, TimeSpan.Zero) != 0)
            {
                return 1;
            }
        }

        await stop.CancelAsync();
        await serving;
        return await Allocations.RunAsync() | await TlsBench.RunAsync(isSmoke: true);
    }
}

using System.CommandLine;
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
    private const int RoundsDefault = 3;

    public static Command Command()
    {
        var address = new Argument<string>("address") { Description = "HOST:PORT or unix:PATH; with pipe: before it, frames go through System.IO.Pipelines over asynchronous sockets." };
        var load = new Argument<string[]>("load") { Description = Loads.Usage, Arity = ArgumentArity.OneOrMore };
        var rounds = new Argument<int>("rounds") { Description = "How often each load is run.", DefaultValueFactory = _ => RoundsDefault };
        var command = new Command("rpc", "Cap'n Proto RPC: a server and a client to compare with others; what TLS costs beside plain text.");
        Add("server", "Serves until it is killed.", parsed => ServeAsync(parsed.GetValue(address)!), address);
        Add("client", "Runs a load against a server.", parsed => ClientAsync(parsed.GetValue(address)!, parsed.GetValue(load)!, Loads.WarmUpTime), address, load);
        Add("compare", "Runs every load in turns with the C++ implementation, each process pinned to core 0.", parsed => Compare.RunAsync(parsed.GetValue(rounds)), rounds);
        Add("smoke", "Every load once, small, within this process; then alloc and tls.", _ => SmokeAsync());
        Add("alloc", "Bytes that a call and a piece of a stream allocate on either end.", _ => Allocations.RunAsync());
        Add("tls", "What TLS costs beside plain text.", _ => TlsBench.RunAsync(isSmoke: false));
        return command;

        void Add(string name, string description, Func<ParseResult, Task<int>> run, params Argument[] arguments)
        {
            var part = new Command(name, description);
            Array.ForEach(arguments, part.Add);
            part.SetAction(parsed => Run(() => run(parsed)));
            command.Add(part);
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

    private static int Run(Func<Task<int>> run)
    {
        try
        {
            return run().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is SocketException or FormatException or RpcException)
        {
            Console.Error.WriteLine($"bench rpc: {failure.Message}");
            return 1;
        }
    }

    private static async Task<int> ServeAsync(string address)
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

    private static async Task<int> ClientAsync(string address, string[] load, TimeSpan warmUp)
    {
        await using var connection = RpcConnection.Start(await ConnectAsync(address));
        using var bench = connection.Bootstrap<Generated.Bench.Client>();
        var report = await Loads.RunAsync(bench, load, warmUp);
        Console.WriteLine(report.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    // Every load once, small, against a server in this process over loopback: proves the answers, and that a call allocates nothing, not the speed.
    private static async Task<int> SmokeAsync()
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
            if (await ClientAsync(address, load, TimeSpan.Zero) != 0)
            {
                return 1;
            }
        }

        await stop.CancelAsync();
        await serving;
        return await Allocations.RunAsync() | await TlsBench.RunAsync(isSmoke: true);
    }
}

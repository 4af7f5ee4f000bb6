using System.Globalization;
using System.Net;
using Wetware.Client.Net;
using Wetware.Core.Identity;
using Wetware.Host.Membership;
using Wetware.Host.Net;
using Wetware.Host.Services.View;
using Wetware.Membership.Routing;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Bench.Membership;

/// <summary>A process that serves the view of a large table over TCP, plain and over TLS.</summary>
internal static class ViewProcess
{
    public const string Namespace = "bench";

    /// <summary>Fills a table, prints the two ports, and serves until the standard input ends.</summary>
    public static async Task<int> RunAsync(int count)
    {
        var table = new RoutingTable();
        foreach (ref readonly var record in TestRecords.Make(count).AsSpan())
        {
            table.Upsert(in record, 0);
        }

        using var view = View.Client.Serve(new ViewServer(new TableView(table.Snapshot())));
        using var key = PeerKey.Create();
        using var plain = Dialer.NewSecurity(key, Namespace, isInsecure: true);
        using var secured = Dialer.NewSecurity(key, Namespace, isInsecure: false);
        using var plainListener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using var securedListener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = new CancellationTokenSource();
        Task[] serving = [ServeAsync(plainListener, plain, view, stop.Token), ServeAsync(securedListener, secured, view, stop.Token)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{((IPEndPoint)plainListener.EndPoint).Port} {((IPEndPoint)securedListener.EndPoint).Port}"));
        await Console.In.ReadToEndAsync(CancellationToken.None);
        await stop.CancelAsync();
        await Task.WhenAll(serving);
        return 0;
    }

    private static async Task ServeAsync(RpcListener listener, IChannelSecurity security, View.Client view, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var channel = await security.AcceptAsync(await listener.AcceptAsync(stop), stop);
                RpcConnection.Start(channel.Transport, RpcOptions.Default with { Bootstrap = view.Capability });
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends, and its connections with it.
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc.Tests;

/// <summary>Two connections that are each other's other side.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private Pair(RpcConnection client, RpcConnection server)
    {
        Client = client;
        Server = server;
    }

    public RpcConnection Client { get; }

    public RpcConnection Server { get; }

    public static Pair InMemory(ICapabilityServer server, RpcOptions? clientOptions = null, RpcOptions? serverOptions = null)
    {
        var (one, other) = Transports.InMemory();
        return Over(one, other, server, clientOptions, serverOptions);
    }

    public static async Task<Pair> SocketAsync(ICapabilityServer server, EndPoint endPoint)
    {
        using var listener = RpcListener.Listen(endPoint);
        var accepting = listener.AcceptAsync();
        var client = await Transports.ConnectAsync(listener.EndPoint);
        return Over(client, Transports.FromSocket(await accepting), server, null, null);
    }

    public static async Task<Pair> TlsAsync(ICapabilityServer server)
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var accepting = AcceptAsync();
        var client = await Transports.ConnectTlsAsync(listener.EndPoint, Certificates.Client());
        return Over(client, await accepting, server, null, null);

        async Task<FrameTransport> AcceptAsync() => await Transports.AcceptTlsAsync(await listener.AcceptAsync(), Certificates.Server());
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static Pair Over(FrameTransport one, FrameTransport other, ICapabilityServer server,
        RpcOptions? clientOptions, RpcOptions? serverOptions)
    {
        using var bootstrap = Capability.Serve(server);
        var serving = RpcConnection.Start(other, (serverOptions ?? RpcOptions.Default) with { Bootstrap = bootstrap });
        return new Pair(RpcConnection.Start(one, clientOptions), serving);
    }
}

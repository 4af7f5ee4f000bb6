using System.Net;
using Wetware.Samples.Echo;

switch (args)
{
    case ["serve", var address]:
        using (var listener = RpcListener.Listen(IPEndPoint.Parse(address)))
        using (var echo = Capability.Serve(new EchoServer()))
        {
            Console.WriteLine($"listening on {listener.EndPoint}");
            await listener.ServeAsync(RpcOptions.Default with { Bootstrap = echo });
        }

        return 0;
    case ["say", var address, .. var words]:
        await using (var connection = RpcConnection.Start(await Transports.ConnectAsync(IPEndPoint.Parse(address))))
        {
            using var echo = connection.Bootstrap<Echo.Client>();
            using var answer = echo.Say(string.Join(' ', words));
            Console.WriteLine((await answer).Text);
        }

        return 0;
    default:
        Console.Error.WriteLine("usage: echo serve HOST:PORT | echo say HOST:PORT WORD...");
        return 2;
}

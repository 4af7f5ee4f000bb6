using System.Net;
using Wetware.Samples.Calculator;

switch (args)
{
    case ["serve", var address]:
        using (var listener = RpcListener.Listen(IPEndPoint.Parse(address)))
        using (var zero = Capability.Serve(new CalculatorServer(0)))
        {
            Console.WriteLine($"listening on {listener.EndPoint}");
            await listener.ServeAsync(RpcOptions.Default with { Bootstrap = zero });
        }

        return 0;
    case ["power", var address, var a, var b]:
        await using (var connection = RpcConnection.Start(await Transports.ConnectAsync(IPEndPoint.Parse(address))))
        {
            // Everything leaves at once; the server calls the functions of this process back, one after the other.
            using var zero = connection.Bootstrap<Calculator.Client>();
            using var add = Function.Client.Serve(new Computed((left, right) => left + right));
            using var raise = Function.Client.Serve(new Computed(Math.Pow));
            using var sum = zero.Apply(add, double.Parse(a));
            using var power = sum.Pipeline.Next.Apply(raise, double.Parse(b));
            Console.WriteLine(await power.Pipeline.Next.Read().ThenAsync(results => results.Number));
        }

        return 0;
    default:
        Console.Error.WriteLine("usage: calculator serve HOST:PORT | calculator power HOST:PORT A B");
        return 2;
}

using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>
/// What a Worker must do, wherever it is and whoever implements it: the same stories run in process, over every transport, and against C++.
/// </summary>
internal static class Stories
{
    public static async Task AllAsync(Worker.Client worker)
    {
        await CallbacksAsync(worker);
        await EmbargoAsync(worker);
        await ErrorsAsync(worker);
        await DeepPipelineAsync(worker);
        await TailCallAsync(worker);
        await StreamAsync(worker);
    }

    public static async Task CallbacksAsync(Worker.Client worker)
    {
        var server = new CounterServer();
        using (var counter = Counter.Client.Serve(server))
        {
            using var answer = worker.CallBack(counter, 5);
            Assert.Equal(4u, (await answer).Last);
        }
    }

    public static async Task EmbargoAsync(Worker.Client worker)
    {
        using var counter = Counter.Client.Serve(new CounterServer());
        using var echoed = worker.EchoCap(counter);
        var pipelined = echoed.Pipeline.Cap;
        using var first = pipelined.Next(0);
        using var second = pipelined.Next(1);
        await echoed;
        using var third = pipelined.Next(2);
        using var fourth = pipelined.Next(3);
        Assert.Equal(0u, (await first).N);
        Assert.Equal(1u, (await second).N);
        Assert.Equal(2u, (await third).N);
        Assert.Equal(3u, (await fourth).N);
    }

    public static async Task ErrorsAsync(Worker.Client worker)
    {
        foreach (var type in Enum.GetValues<RpcErrorType>())
        {
            var error = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                using var answer = worker.Fail((ushort)type, "on purpose");
                await answer;
            });
            Assert.Equal(type, error.Type);
            Assert.Contains("on purpose", error.Reason, StringComparison.Ordinal);
        }
    }

    public static async Task DeepPipelineAsync(Worker.Client worker)
    {
        using var counter = Counter.Client.Serve(new CounterServer());
        using var self = worker.Self();
        using var echoed = self.Pipeline.Worker.EchoCap(counter);
        using var counted = echoed.Pipeline.Cap.Next(0);
        using var open = worker.Open();
        await open;
        Assert.Equal(0u, (await counted).N);
    }

    public static async Task TailCallAsync(Worker.Client worker)
    {
        using var here = Worker.Client.Serve(new WorkerServer());
        using var counter = Counter.Client.Serve(new CounterServer());
        using (var hold = here.Hold(counter))
        {
            await hold;
        }

        using var tail = worker.Tail(here);
        using var early = tail.Pipeline.Cap.Next(0);
        using var late = (await tail).Cap.AddRef();
        Assert.Equal(0u, (await early).N);
        using var next = late.Next(1);
        Assert.Equal(1u, (await next).N);
    }

    public static async Task StreamAsync(Worker.Client worker)
    {
        var data = new byte[500 * 37];
        for (uint i = 0; i < 500; i++)
        {
            await worker.SinkAsync(i, data.AsSpan(0, (int)i * 37));
        }

        using var total = worker.Total();
        Assert.Equal(500u, (await total).Calls);
    }
}

using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>The server of rpc-test.capnp's Worker.</summary>
internal sealed class WorkerServer : Worker.IServer, IDisposable
{
    private readonly TaskCompletionSource _open = new();
    private readonly CapabilityPromise _promise = new();
    private Counter.Client _held;
    private uint _sunk;
    private ulong _bytes;

    /// <summary>Completes when a call that hangs was canceled.</summary>
    public TaskCompletionSource Canceled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsDisposed { get; private set; }

    public ValueTask EchoCapAsync(CallContext<Worker.EchoCapParams.Reader, Worker.EchoCapResults.Builder> call)
    {
        call.Results.SetCap(call.Params.Cap);
        return default;
    }

    public async ValueTask CallBackAsync(CallContext<Worker.CallBackParams.Reader, Worker.CallBackResults.Builder> call)
    {
        var times = call.Params.Times;
        var cap = call.Params.Cap;
        var answers = new List<Answer<Counter.NextResults.Reader, NoPipeline>>();
        for (uint i = 0; i < times; i++)
        {
            answers.Add(cap.Next(i));
        }

        var last = 0u;
        foreach (var answer in answers)
        {
            using (answer)
            {
                last = (await answer).N;
            }
        }

        call.Results.Last = last;
    }

    public ValueTask FailAsync(CallContext<Worker.FailParams.Reader, Worker.FailResults.Builder> call) =>
        throw new RpcException((RpcErrorType)call.Params.Type, call.Params.Reason);

    public async ValueTask HangAsync(CallContext<Worker.HangParams.Reader, Worker.HangResults.Builder> call)
    {
        var forever = new TaskCompletionSource();
        await using var registration = call.Cancellation.Register(forever.SetResult);
        await forever.Task;
        Canceled.TrySetResult();
    }

    public async ValueTask SelfAsync(CallContext<Worker.SelfParams.Reader, Worker.SelfResults.Builder> call)
    {
        await _open.Task;
        using var self = Worker.Client.Serve(new WorkerServer());
        call.Results.SetWorker(self);
    }

    public ValueTask OpenAsync(CallContext<Worker.OpenParams.Reader, Worker.OpenResults.Builder> call)
    {
        _open.TrySetResult();
        return default;
    }

    public ValueTask HoldAsync(CallContext<Worker.HoldParams.Reader, Worker.HoldResults.Builder> call)
    {
        if (_held.Capability is not null)
        {
            _held.Dispose();
        }

        _held = call.Params.Cap.AddRef();
        return default;
    }

    public ValueTask HeldAsync(CallContext<Worker.HeldParams.Reader, Held.Builder> call)
    {
        call.Results.SetCap(_held);
        return default;
    }

    public ValueTask TailAsync(CallContext<Worker.TailParams.Reader, Held.Builder> call)
    {
        call.Params.To.HeldRequest().SendAsTailOf(call.Untyped);
        return default;
    }

    /// <summary>What each call of the stream waits for.</summary>
    public Task SinkUntil { get; set; } = Task.CompletedTask;

    public ValueTask SinkAsync(CallContext<Worker.SinkParams.Reader, StreamResult.Builder> call)
    {
        if (call.Params.N != _sunk)
        {
            throw new RpcException("a streaming call out of order");
        }

        _sunk++;
        _bytes += (ulong)call.Params.Data.Span.Length;
        return new ValueTask(SinkUntil);
    }

    public ValueTask TotalAsync(CallContext<Worker.TotalParams.Reader, Worker.TotalResults.Builder> call)
    {
        call.Results.Bytes = _bytes;
        call.Results.Calls = _sunk;
        return default;
    }

    public ValueTask PromiseAsync(CallContext<Worker.PromiseParams.Reader, Worker.PromiseResults.Builder> call)
    {
        call.Results.SetCap(Counter.Client.From(_promise.Capability));
        return default;
    }

    public ValueTask FulfillAsync(CallContext<Worker.FulfillParams.Reader, Worker.FulfillResults.Builder> call)
    {
        if (call.Params.HasCap)
        {
            _promise.Resolve(call.Params.Cap.Capability);
        }
        else
        {
            _promise.Reject(new RpcException("broken on purpose"));
        }

        return default;
    }

    public void Dispose()
    {
        IsDisposed = true;
        _promise.Dispose();
        if (_held.Capability is not null)
        {
            _held.Dispose();
        }
    }
}

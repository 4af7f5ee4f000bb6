using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>A worker whose streaming calls end only when the test says so, and which writes down what starts.</summary>
internal sealed class SlowServer : Worker.IServer, IDisposable
{
    private readonly Queue<TaskCompletionSource> _running = new();

    /// <summary>What has started, in order.</summary>
    public List<string> Started { get; } = [];

    /// <summary>If set, streaming calls are handed over to it.</summary>
    public Worker.Client? Successor { get; set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Ends the streaming call that started first of those that run.</summary>
    public void EndOne(Exception? error = null)
    {
        TaskCompletionSource ending;
        lock (Started)
        {
            ending = _running.Dequeue();
        }

        if (error is null)
        {
            ending.SetResult();
        }
        else
        {
            ending.SetException(error);
        }
    }

    public ValueTask SinkAsync(CallContext<Worker.SinkParams.Reader, StreamResult.Builder> call)
    {
        Write("sink " + call.Params.N);
        if (Successor is { } successor)
        {
            var request = successor.Capability.NewRequest(Worker.TypeId, 9);
            request.Params.Set(call.Untyped.Parameters);
            call.Untyped.TailCall(in request);
            return default;
        }

        var running = new TaskCompletionSource();
        lock (Started)
        {
            _running.Enqueue(running);
        }

        return new ValueTask(running.Task);
    }

    public ValueTask TotalAsync(CallContext<Worker.TotalParams.Reader, Worker.TotalResults.Builder> call)
    {
        Write("total");
        return default;
    }

    public ValueTask OpenAsync(CallContext<Worker.OpenParams.Reader, Worker.OpenResults.Builder> call)
    {
        Write("open");
        return default;
    }

    public void Dispose()
    {
        Assert.False(IsDisposed, "disposed twice");
        IsDisposed = true;
    }

    private void Write(string what)
    {
        lock (Started)
        {
            Started.Add(what);
        }
    }
}

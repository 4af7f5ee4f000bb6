using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>Counts its calls, and insists on their order.</summary>
internal sealed class CounterServer : Counter.IServer, IDisposable
{
    private uint _count;

    public bool IsDisposed { get; private set; }

    public ValueTask NextAsync(CallContext<Counter.NextParams.Reader, Counter.NextResults.Builder> call)
    {
        if (call.Params.Expected != _count)
        {
            throw new RpcException($"out of order: expected {call.Params.Expected}, was called {_count} times");
        }

        call.Results.N = _count++;
        return default;
    }

    public void Dispose()
    {
        Assert.False(IsDisposed, "disposed twice");
        IsDisposed = true;
    }
}

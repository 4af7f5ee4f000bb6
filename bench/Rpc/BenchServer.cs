
namespace Wetware.Bench.Rpc;

using Wetware.Rpc;

/// <summary>The server of bench.capnp.</summary>
internal sealed class BenchServer : Generated.Bench.IServer
{
    private ulong _bytes;
    private ulong _calls;

    public ValueTask PingAsync(CallContext<Generated.Bench.PingParams.Reader, Generated.Bench.PingResults.Builder> call)
    {
        call.Results.X = call.Params.X;
        return default;
    }

    public ValueTask NextAsync(CallContext<Generated.Bench.NextParams.Reader, Generated.Bench.NextResults.Builder> call)
    {
        using var node = Generated.Bench.Client.Serve(new BenchServer());
        call.Results.SetNode(node);
        return default;
    }

    public ValueTask WriteAsync(CallContext<Generated.Bench.WriteParams.Reader, StreamResult.Builder> call)
    {
        _bytes += (ulong)call.Params.Data.Span.Length;
        _calls++;
        return default;
    }

    public ValueTask DoneAsync(CallContext<Generated.Bench.DoneParams.Reader, Generated.Bench.DoneResults.Builder> call)
    {
        call.Results.Bytes = _bytes;
        call.Results.Calls = _calls;
        _bytes = _calls = 0;
        return default;
    }

    public ValueTask EchoAsync(CallContext<Generated.Bench.EchoParams.Reader, Generated.Bench.EchoResults.Builder> call)
    {
        call.Results.SetData(call.Params.Data.Span);
        return default;
    }

    public ValueTask PutAsync(CallContext<Generated.Bench.PutParams.Reader, Generated.Bench.PutResults.Builder> call)
    {
        _bytes += (ulong)call.Params.Data.Span.Length;
        _calls++;
        return default;
    }
}

using Wetware.Bench.Rpc.Generated;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>The server of bench.capnp.</summary>
internal sealed class BenchServer : Bench.IServer
{
    private ulong _bytes;
    private ulong _calls;

    public ValueTask PingAsync(CallContext<Bench.PingParams.Reader, Bench.PingResults.Builder> call)
    {
        call.Results.X = call.Params.X;
        return default;
    }

    public ValueTask NextAsync(CallContext<Bench.NextParams.Reader, Bench.NextResults.Builder> call)
    {
        using var node = Bench.Client.Serve(new BenchServer());
        call.Results.SetNode(node);
        return default;
    }

    public ValueTask WriteAsync(CallContext<Bench.WriteParams.Reader, StreamResult.Builder> call)
    {
        _bytes += (ulong)call.Params.Data.Span.Length;
        _calls++;
        return default;
    }

    public ValueTask DoneAsync(CallContext<Bench.DoneParams.Reader, Bench.DoneResults.Builder> call)
    {
        call.Results.Bytes = _bytes;
        call.Results.Calls = _calls;
        _bytes = _calls = 0;
        return default;
    }

    public ValueTask EchoAsync(CallContext<Bench.EchoParams.Reader, Bench.EchoResults.Builder> call)
    {
        call.Results.SetData(call.Params.Data.Span);
        return default;
    }

    public ValueTask PutAsync(CallContext<Bench.PutParams.Reader, Bench.PutResults.Builder> call)
    {
        _bytes += (ulong)call.Params.Data.Span.Length;
        _calls++;
        return default;
    }
}

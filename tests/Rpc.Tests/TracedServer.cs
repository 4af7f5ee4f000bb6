using System.Diagnostics;
using Wetware.Rpc.Tracing;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>Remembers in which activity its calls ran, and what they carried.</summary>
internal sealed class TracedServer : Bench.IServer
{
    /// <summary>The span that a call began in.</summary>
    public Activity? Began { get; private set; }

    /// <summary>The span that a call went on in after it had waited.</summary>
    public Activity? WentOn { get; private set; }

    /// <summary>What the last call carried.</summary>
    public TraceContext? Carried { get; private set; }

    // Ends at once, without any state that an async method would restore.
    public ValueTask PingAsync(CallContext<Bench.PingParams.Reader, Bench.PingResults.Builder> call)
    {
        Began = Activity.Current;
        Carried = call.Untyped.Trace;
        call.Results.X = call.Params.X;
        return default;
    }

    public async ValueTask EchoAsync(CallContext<Bench.EchoParams.Reader, Bench.EchoResults.Builder> call)
    {
        Began = Activity.Current;
        Carried = call.Untyped.Trace;
        await Task.Delay(1);
        WentOn = Activity.Current;
        call.Results.SetData(call.Params.Data.Span);
    }
}

using System.IO.Pipelines;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Rpc.Transport;
using Wetware.Wasm.Wasi;

namespace Wetware.Host.Services.Processes;

/// <summary>The vat that answers a program on its socket. Disposing of it ends every call under way and gives back what the program held.</summary>
internal sealed class GuestVat : IDisposable
{
    // Bytes on the way, each direction; beyond them the writer waits.
    private const int PipeBytesMax = 256 << 10;

    // What a program may make the host hold: as little as lets a large bytecode through.
    private static readonly RpcOptions s_options = RpcOptions.Default with
    {
        InboundCallBytesMax = 4 << 20,
        WaitingCallBytesMax = 64 << 20,
        SendQueueBytesMax = 64 << 20,
        PeerCallsMax = 4096,
    };

    private readonly RpcConnection _connection;

    public GuestVat(BootContextServer context)
    {
        var pipes = new PipeOptions(pauseWriterThreshold: PipeBytesMax, resumeWriterThreshold: PipeBytesMax / 2, useSynchronizationContext: false);
        var toGuest = new Pipe(pipes);
        var fromGuest = new Pipe(pipes);
        Socket = new PipeSocket(toGuest.Reader, fromGuest.Writer);
        using var bootstrap = BootContext.Client.Serve(context).Capability;
        _connection = RpcConnection.Start(Transports.FromPipe(new Ends(fromGuest.Reader, toGuest.Writer), "guest"), s_options with { Bootstrap = bootstrap });
    }

    /// <summary>The program's end.</summary>
    public IGuestSocket Socket { get; }

    public void Dispose() => _connection.Dispose();

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

using Wetware.Rpc.Flow;

namespace Wetware.Rpc.Hooks;

/// <summary>A reference to an object of this process. A call starts on the thread that delivers it.</summary>
internal sealed class LocalHook(ICapabilityServer server, object? set = null) : ClientHook
{
    private StreamGate? _stream;

    /// <summary>The set of capabilities that made it, if one did.</summary>
    public object? Set => set;

    public ICapabilityServer Server => server;

    public override StreamGate Stream => Volatile.Read(ref _stream) ?? MakeStream();

    public override void Deliver(CallContext call) => call.Run(this);

    protected override void LetGo()
    {
        if (server is IDisposable disposable)
        {
            disposable.Dispose();
        }
        else if (server is IAsyncDisposable asyncDisposable)
        {
            _ = DisposeAsync(asyncDisposable);
        }
    }

    private StreamGate MakeStream()
    {
        var made = new StreamGate(new FixedWindow(Limits.WindowBytesMin));
        return Interlocked.CompareExchange(ref _stream, made, null) ?? made;
    }

    private static async Task DisposeAsync(IAsyncDisposable server) => await server.DisposeAsync().ConfigureAwait(false);
}

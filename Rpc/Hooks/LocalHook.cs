namespace Wetware.Rpc.Hooks;

/// <summary>
/// A reference to an object of this process. A call starts on the thread that delivers it, unless a streaming call to the
/// object is running: then it waits for its turn.
/// </summary>
internal sealed class LocalHook(ICapabilityServer server, object? set = null) : ClientHook
{
    private CallTurns? _turns;

    /// <summary>The set of capabilities that made it, if one did.</summary>
    public object? Set => set;

    public ICapabilityServer Server => server;

    public override void Deliver(CallContext call)
    {
        if (Volatile.Read(ref _turns) is not { } turns || !turns.TryQueue(call))
        {
            call.Run(this);
        }
    }

    /// <summary>Lets later calls wait until the caller lets them go.</summary>
    public CallTurns HoldCalls()
    {
        var turns = Volatile.Read(ref _turns) ?? MakeTurns();
        turns.Hold();
        return turns;
    }

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

    private CallTurns MakeTurns()
    {
        var made = new CallTurns(this);
        return Interlocked.CompareExchange(ref _turns, made, null) ?? made;
    }

    private static async Task DisposeAsync(IAsyncDisposable server) => await server.DisposeAsync().ConfigureAwait(false);
}

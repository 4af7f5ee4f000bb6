namespace Wetware.Rpc.Transport;

/// <summary>
/// Carries frames between two peers. Made by one of the transports of this namespace, owned by one
/// <see cref="RpcConnection"/>.
/// </summary>
public abstract class FrameTransport
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected FrameTransport()
    {
    }

    /// <summary>Who the other side is, for people.</summary>
    public abstract string Peer { get; }

    /// <summary>Completes when the loops have stopped.</summary>
    internal Task Stopped => _stopped.Task;

    /// <summary>Starts the loops.</summary>
    internal abstract void Start(ITransportSink sink);

    /// <summary>Sends what waits, or sees to it that somebody does. Never blocks.</summary>
    internal abstract void Flush();

    /// <summary>Sends what can be sent at once, and ends.</summary>
    internal abstract void Close();

    private protected void HasStopped() => _stopped.TrySetResult();
}

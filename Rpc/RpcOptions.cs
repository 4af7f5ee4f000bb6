using Wetware.Rpc.Flow;

namespace Wetware.Rpc;

/// <summary>How a connection behaves.</summary>
public sealed record RpcOptions
{
    /// <summary>The defaults.</summary>
    public static RpcOptions Default { get; } = new();

    /// <summary>What the peer gets when it asks for the bootstrap capability; nothing if null. Borrowed: the connection keeps a reference of its own.</summary>
    public Capability? Bootstrap { get; init; }

    /// <summary>Bytes of the largest frame that is taken.</summary>
    public int FrameBytesMax { get; init; } = Limits.FrameBytesMax;

    /// <summary>Bytes of calls in progress past which further calls of the peer wait.</summary>
    public long InboundCallBytesMax { get; init; } = Limits.InboundCallBytesMax;

    /// <summary>Bytes of waiting calls past which calls of the peer are answered as overloaded.</summary>
    public long WaitingCallBytesMax { get; init; } = Limits.WaitingCallBytesMax;

    /// <summary>
    /// Bytes that wait to be sent past which new calls of this side fail as overloaded and calls of the peer wait; at twice
    /// as many the connection ends.
    /// </summary>
    public long SendQueueBytesMax { get; init; } = Limits.SendQueueBytesMax;

    /// <summary>Calls of this side that the peer has not answered past which new ones fail as overloaded.</summary>
    public int OutstandingCallsMax { get; init; } = Limits.OutstandingCallsMax;

    /// <summary>Calls of the peer that it has not finished, past which the connection ends.</summary>
    public int PeerCallsMax { get; init; } = Limits.PeerCallsMax;

    /// <summary>Bytes of results that the peer keeps by not finishing its calls, past which further calls are answered as overloaded.</summary>
    public long HeldResultBytesMax { get; init; } = Limits.HeldResultBytesMax;

    /// <summary>
    /// Bytes of results that the handlers of the peer's calls may hold together before they return, beyond the first segment of each; a handler that
    /// builds more fails, and its call is answered as overloaded.
    /// </summary>
    public long BuildingResultBytesMax { get; init; } = Limits.BuildingResultBytesMax;

    /// <summary>Capabilities that the peer was given and has not released, past which what would give it more fails as overloaded: calls of this side and of its own.</summary>
    public int ExportsMax { get; init; } = Limits.ExportsMax;

    /// <summary>
    /// Whether what awaits an answer goes on on the thread pool. If not, it goes on on the thread that receives for the connection, which saves a
    /// change of threads for each call; but while it runs there, nothing is received, so it must neither loop nor block: whoever waits there for another answer of
    /// the same connection waits for ever.
    /// </summary>
    public bool RunContinuationsAsynchronously { get; init; }

    /// <summary>Makes the flow controller of each object that streaming calls go to.</summary>
    public Func<IFlowController> FlowControl { get; init; } = static () => new BbrWindow();

    /// <summary>Whether the stacks of handlers that throw are sent to callers; they name types and methods of this program.</summary>
    public bool SendTraces { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidOperationException">One of them cannot work.</exception>
    public RpcOptions Validated()
    {
        var fits = FrameBytesMax >= 1024 && InboundCallBytesMax > 0 && WaitingCallBytesMax >= 0 && SendQueueBytesMax > 0 && OutstandingCallsMax > 0 && PeerCallsMax > 0 && HeldResultBytesMax > 0 && BuildingResultBytesMax > 0 && ExportsMax > 0 && FlowControl is not null;
        return fits ? this : throw new InvalidOperationException("an RPC option is out of its range: " + this);
    }
}

using Wetware.Rpc.Flow;

namespace Wetware.Rpc;

/// <summary>How a connection behaves.</summary>
public sealed record RpcOptions
{
    /// <summary>The defaults.</summary>
    public static RpcOptions Default { get; } = new();

    /// <summary>
    /// The capability that the peer gets when it asks for the bootstrap capability; null to offer none. Borrowed: the connection keeps a
    /// reference of its own.
    /// </summary>
    public Capability? Bootstrap { get; init; }

    /// <summary>Bytes of the largest incoming frame. A larger one ends the connection.</summary>
    public int FrameBytesMax { get; init; } = Limits.FrameBytesMax;

    /// <summary>Bytes of the peer's calls in progress. Beyond them, its further calls wait.</summary>
    public long InboundCallBytesMax { get; init; } = Limits.InboundCallBytesMax;

    /// <summary>Bytes of the peer's calls that wait. Beyond them, its further calls are answered as overloaded.</summary>
    public long WaitingCallBytesMax { get; init; } = Limits.WaitingCallBytesMax;

    /// <summary>
    /// Bytes that wait to be sent. Beyond them, new calls of this side fail as overloaded, and calls of the peer wait. At twice as many,
    /// the connection ends.
    /// </summary>
    public long SendQueueBytesMax { get; init; } = Limits.SendQueueBytesMax;

    /// <summary>Calls of this side that the peer has not answered. Beyond them, new calls fail as overloaded.</summary>
    public int OutstandingCallsMax { get; init; } = Limits.OutstandingCallsMax;

    /// <summary>Calls of the peer that it has not finished. One more ends the connection.</summary>
    public int PeerCallsMax { get; init; } = Limits.PeerCallsMax;

    /// <summary>
    /// Bytes of results that the peer keeps by not finishing its calls. Beyond them, its further calls are answered as overloaded.
    /// </summary>
    public long HeldResultBytesMax { get; init; } = Limits.HeldResultBytesMax;

    /// <summary>
    /// Bytes of results that the handlers of the peer's calls build before they return, all together, the first segment of each not
    /// counted. A handler that builds more fails, and its call is answered as overloaded.
    /// </summary>
    public long BuildingResultBytesMax { get; init; } = Limits.BuildingResultBytesMax;

    /// <summary>Capabilities that the peer holds. Beyond them, calls of either side that would give it more fail as overloaded.</summary>
    public int ExportsMax { get; init; } = Limits.ExportsMax;

    /// <summary>
    /// Whether code behind the await of an answer runs on the thread pool. If not, it runs on the thread that receives for the connection,
    /// which saves a change of threads for each call. While it runs there, nothing is received: it must neither loop nor block, and if it
    /// blocks for another answer of the same connection, it does so for ever.
    /// </summary>
    public bool RunContinuationsAsynchronously { get; init; }

    /// <summary>Makes the flow controller of each object that streaming calls go to.</summary>
    public Func<IFlowController> FlowControl { get; init; } = static () => new BbrWindow();

    /// <summary>Whether callers get the stack trace of a handler that throws. It names types and methods of this program.</summary>
    public bool SendTraces { get; init; }

    /// <summary>Checks that the values can work.</summary>
    /// <exception cref="InvalidOperationException">A value is out of its range.</exception>
    public RpcOptions Validated()
    {
        var fits = FrameBytesMax >= 1024 && InboundCallBytesMax > 0 && WaitingCallBytesMax >= 0 && SendQueueBytesMax > 0
            && OutstandingCallsMax > 0 && PeerCallsMax > 0 && HeldResultBytesMax > 0 && BuildingResultBytesMax > 0 && ExportsMax > 0
            && FlowControl is not null;
        return fits ? this : throw new InvalidOperationException("an RPC option is out of its range: " + this);
    }
}

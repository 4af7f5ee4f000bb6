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

    /// <summary>Makes the flow controller of each object that streaming calls go to.</summary>
    public Func<IFlowController> FlowControl { get; init; } = static () => new BbrWindow();

    /// <summary>Whether the stacks of handlers that throw are sent to callers; they name types and methods of this program.</summary>
    public bool SendTraces { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidOperationException">One of them cannot work.</exception>
    public RpcOptions Validated()
    {
        var fits = FrameBytesMax >= 1024 && InboundCallBytesMax > 0 && WaitingCallBytesMax >= 0 && SendQueueBytesMax > 0 && OutstandingCallsMax > 0 && PeerCallsMax > 0 && HeldResultBytesMax > 0 && FlowControl is not null;
        return fits ? this : throw new InvalidOperationException("an RPC option is out of its range: " + this);
    }
}

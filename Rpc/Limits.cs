namespace Wetware.Rpc;

/// <summary>Every limit of the Rpc project, each with its unit and its reason.</summary>
public static class Limits
{
    /// <summary>Steps of a promised-answer transform. A schema nests this deep only by mistake; Cap'n Proto's own nesting limit is the same 64.</summary>
    public const int PipelineDepthMax = 64;

    /// <summary>Pointer fields whose pipeline paths are interned per step; structs rarely have more pointers.</summary>
    public const int PipelineFieldsInterned = 32;

    /// <summary>Bytes of one incoming frame, header included, unless options say otherwise: the 8 Mi words of Cap'n Proto's own traversal limit.</summary>
    public const int FrameBytesMax = 64 * 1024 * 1024;

    /// <summary>Segments of one incoming frame: the limit of the C++ implementation.</summary>
    public const int FrameSegmentsMax = 512;

    /// <summary>Bytes that one receive call asks for: a loopback socket hands over at most about this much at once.</summary>
    public const int ReceiveBytes = 64 * 1024;

    /// <summary>Bytes from which a frame is received straight into memory of its own instead of being copied out of the receive buffer.</summary>
    public const int FrameBytesDirect = 16 * 1024;

    /// <summary>Bytes of the array that a frame for reuse keeps: most calls fit.</summary>
    public const int FrameBytesKept = 1024;

    /// <summary>Capabilities of one incoming message; each costs table entries on this side.</summary>
    public const int MessageCapabilitiesMax = 64 * 1024;

    /// <summary>Bytes of a segment from which the send loop hands the segment itself to the kernel instead of copying it to the batch.</summary>
    public const int SendBytesDirect = 8 * 1024;

    /// <summary>Buffers in one gathered write: what the base library takes without allocating.</summary>
    public const int SendBuffersMax = 8;

    /// <summary>Bytes of the batch that small messages are copied to before one write.</summary>
    public const int SendBatchBytes = 64 * 1024;

    /// <summary>Calls without an answer, past which new ones fail as overloaded: each holds a few hundred bytes until the peer returns.</summary>
    public const int OutstandingCallsMax = 256 * 1024;

    /// <summary>
    /// Calls that a peer may have open: each holds a few hundred bytes until the peer finishes it. More than it may have unanswered
    /// (<see cref="OutstandingCallsMax"/>), because finishes are on the way.
    /// </summary>
    public const int PeerCallsMax = 1024 * 1024;

    /// <summary>Bytes of results that a peer keeps by not finishing its calls, past which further calls are answered as overloaded: as much as may wait to be sent to it.</summary>
    public const long HeldResultBytesMax = SendQueueBytesMax;

    /// <summary>Bytes of results that handlers build for one peer before they return: two of the largest frames.</summary>
    public const long BuildingResultBytesMax = 2L * FrameBytesMax;

    /// <summary>Capabilities that a peer may hold: each keeps an object alive and a few hundred bytes. As many as calls may be outstanding, since each may bring one.</summary>
    public const int ExportsMax = OutstandingCallsMax;

    /// <summary>Bytes queued for a peer that does not read, past which new outgoing calls fail as overloaded and calls of the peer wait.</summary>
    public const long SendQueueBytesMax = 256L * 1024 * 1024;

    /// <summary>Bytes of calls in progress for one peer, past which further calls wait.</summary>
    public const long InboundCallBytesMax = 16L * 1024 * 1024;

    /// <summary>Bytes of calls that wait for the budget, past which calls are answered as overloaded.</summary>
    public const long WaitingCallBytesMax = 64L * 1024 * 1024;

    /// <summary>Question and answer ids below this are looked up by index; a peer's higher ids by hash.</summary>
    public const int TableSlotsDense = 4096;

    /// <summary>Calls kept for reuse per thread-shared pool; enough for the outstanding calls of a busy connection.</summary>
    public const int PooledObjectsMax = 4096;

    /// <summary>Characters of an error's reason or trace that are sent; longer text is cut.</summary>
    public const int ErrorTextMax = 8 * 1024;

    /// <summary>Bytes of a traceparent: W3C Trace Context fixes them for version 00. Anything else that a call carries in its place is ignored.</summary>
    public const int TraceParentBytes = 55;

    /// <summary>Characters of a tracestate: what W3C Trace Context asks everyone to pass on at least. A longer one is dropped, and the trace goes on without it.</summary>
    public const int TraceStateBytesMax = 512;

    /// <summary>Bytes of the smallest congestion window, besides the largest message: below it a window costs throughput even on loopback.</summary>
    public const int WindowBytesMin = 64 * 1024;

    /// <summary>Bytes of the largest congestion window: what 100 Gbit/s over 80 ms needs.</summary>
    public const long WindowBytesMax = 1L << 30;
}

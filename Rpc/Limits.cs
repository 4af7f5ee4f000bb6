namespace Wetware.Rpc;

/// <summary>The limits of the Rpc project: what each counts, what happens at it, and why it is as it is.</summary>
public static class Limits
{
    /// <summary>
    /// Steps from an answer to a capability in it. A peer that names more breaks the protocol: Cap'n Proto itself nests messages 64 deep.
    /// </summary>
    public const int PipelineDepthMax = 64;

    /// <summary>
    /// Pointer fields whose pipeline paths are kept for reuse, per step. The path to a later field is made anew for each call.
    /// </summary>
    public const int PipelineFieldsInterned = 32;

    /// <summary>
    /// Bytes of one incoming frame, header included, unless options say otherwise. A larger frame ends the connection. Cap'n Proto's
    /// traversal limit is the same 8 Mi words.
    /// </summary>
    public const int FrameBytesMax = 64 * 1024 * 1024;

    /// <summary>Segments of one incoming frame. A frame of more ends the connection, as in the C++ implementation.</summary>
    public const int FrameSegmentsMax = 512;

    /// <summary>Bytes that one receive call asks for. A loopback socket hands over about this much at once.</summary>
    public const int ReceiveBytes = 64 * 1024;

    /// <summary>
    /// From this size in bytes, a frame is received straight into memory of its own. Smaller ones are copied out of the receive buffer.
    /// </summary>
    public const int FrameBytesDirect = 16 * 1024;

    /// <summary>Bytes of the array that a pooled frame keeps. Most calls fit; larger frames borrow from the shared array pool.</summary>
    public const int FrameBytesKept = 1024;

    /// <summary>Capabilities of one incoming message. More break the protocol: each costs table entries on this side.</summary>
    public const int MessageCapabilitiesMax = 64 * 1024;

    /// <summary>From this size in bytes, a segment is handed to the kernel as it is. Smaller ones are copied to the batch.</summary>
    public const int SendBytesDirect = 8 * 1024;

    /// <summary>
    /// Buffers in one gathered write. The base library takes as many without allocating; further messages wait for the next write.
    /// </summary>
    public const int SendBuffersMax = 8;

    /// <summary>Bytes of the batch that small messages are copied to. When it is full, it is written.</summary>
    public const int SendBatchBytes = 64 * 1024;

    /// <summary>
    /// Calls of this side that the peer has not answered. Further calls fail as overloaded. Each holds a few hundred bytes until its answer
    /// comes.
    /// </summary>
    public const int OutstandingCallsMax = 256 * 1024;

    /// <summary>
    /// Calls that a peer may have open. One more ends the connection. Each holds a few hundred bytes until the peer finishes it. More than
    /// may be unanswered (<see cref="OutstandingCallsMax"/>), because finishes are on the way.
    /// </summary>
    public const int PeerCallsMax = 1024 * 1024;

    /// <summary>
    /// Bytes of results that a peer keeps by not finishing its calls. Its further calls are answered as overloaded. As much may wait to be
    /// sent to it.
    /// </summary>
    public const long HeldResultBytesMax = SendQueueBytesMax;

    /// <summary>
    /// Bytes of results that the handlers of one peer's calls build before they return: two of the largest frames. A handler that builds
    /// more fails as overloaded.
    /// </summary>
    public const long BuildingResultBytesMax = 2L * FrameBytesMax;

    /// <summary>
    /// Capabilities that a peer may hold. Calls that would give it more fail as overloaded. Each keeps an object alive; each outstanding
    /// call may bring one.
    /// </summary>
    public const int ExportsMax = OutstandingCallsMax;

    /// <summary>
    /// Bytes queued for a peer that does not read. New calls to it fail as overloaded, and its own calls wait; at twice as many the
    /// connection ends.
    /// </summary>
    public const long SendQueueBytesMax = 256L * 1024 * 1024;

    /// <summary>Bytes of one peer's calls in progress. Its further calls wait.</summary>
    public const long InboundCallBytesMax = 16L * 1024 * 1024;

    /// <summary>Bytes of one peer's calls that wait. Its further calls are answered as overloaded.</summary>
    public const long WaitingCallBytesMax = 64L * 1024 * 1024;

    /// <summary>
    /// Ids of a peer below this are looked up by index, higher ones by hash. A peer that counts from a high number then costs no more
    /// memory.
    /// </summary>
    public const int TableSlotsDense = 4096;

    /// <summary>
    /// Objects that a pool keeps for reuse, besides a few of each thread. Further ones are left to the garbage collector. A busy connection
    /// has about as many calls open.
    /// </summary>
    public const int PooledObjectsMax = 4096;

    /// <summary>Characters of an error's reason or stack that are sent. Longer text is cut.</summary>
    public const int ErrorTextMax = 8 * 1024;

    /// <summary>Bytes of a traceparent, as W3C Trace Context fixes them. A text of another length in its place is ignored.</summary>
    public const int TraceParentBytes = 55;

    /// <summary>
    /// Characters of a tracestate. A longer one is dropped, and the trace goes on without it. W3C Trace Context asks to pass on at least as
    /// many.
    /// </summary>
    public const int TraceStateBytesMax = 512;

    /// <summary>
    /// Bytes of the smallest congestion window, besides the largest message. A smaller one costs throughput even on loopback.
    /// </summary>
    public const int WindowBytesMin = 64 * 1024;

    /// <summary>Bytes of the largest congestion window: 100 Gbit/s over 80 ms. A stream keeps no more on the way.</summary>
    public const long WindowBytesMax = 1L << 30;
}

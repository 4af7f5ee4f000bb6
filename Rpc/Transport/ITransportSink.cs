namespace Wetware.Rpc.Transport;

/// <summary>What a transport serves: it takes frames, and has messages to send.</summary>
internal interface ITransportSink
{
    /// <summary>Bytes of the largest frame that is taken.</summary>
    int FrameBytesMax { get; }

    /// <summary>Whether messages wait to be sent.</summary>
    bool HasOutgoing { get; }

    /// <summary>Frames follow, on this thread.</summary>
    void BatchStarts();

    /// <summary>One frame.</summary>
    /// <param name="frame">Ownership passes.</param>
    void Received(Frame frame);

    /// <summary>No more frames for now.</summary>
    void BatchEnds();

    /// <summary>The transport has ended.</summary>
    void Ended(CloseReason reason);

    /// <summary>Swaps the messages that wait for an empty list. The transport releases each once it is written.</summary>
    List<FramedMessage> TakeOutgoing(List<FramedMessage> empty);

    /// <summary>Messages of this many bytes were written, or will never be.</summary>
    void Written(long bytes);
}

namespace Wetware.Rpc;

/// <summary>Why a connection ended.</summary>
public enum CloseKind
{
    /// <summary>This side closed it.</summary>
    Local,

    /// <summary>The peer closed it between two frames.</summary>
    PeerClosed,

    /// <summary>The stream ended inside a frame: the peer died, or was cut off, while it sent.</summary>
    EndInsideFrame,

    /// <summary>A frame was larger than allowed, or had more segments.</summary>
    FrameTooLarge,

    /// <summary>A message could not be decoded.</summary>
    Malformed,

    /// <summary>The peer broke a rule of the RPC protocol.</summary>
    ProtocolError,

    /// <summary>The peer said that this side broke a rule.</summary>
    AbortedByPeer,

    /// <summary>Receiving failed.</summary>
    ReceiveFailed,

    /// <summary>Sending failed.</summary>
    SendFailed,

    /// <summary>The peer asks but does not read the answers.</summary>
    SendQueueFull,

    /// <summary>This side met an error that nobody foresaw: a fault of this program, to be reported.</summary>
    Fault,
}

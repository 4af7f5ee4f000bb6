namespace Wetware.Wasm.Wasi;

/// <summary>How a read or write of a guest's socket went.</summary>
public enum SocketState
{
    /// <summary>Bytes moved.</summary>
    Done,

    /// <summary>None could move now; the socket will say when to try again.</summary>
    WouldBlock,

    /// <summary>The other side is closed: a read is at its end, a write has no reader.</summary>
    Closed,
}

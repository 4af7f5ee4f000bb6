namespace Wetware.Wasm.Wasi;

/// <summary>
/// The host's end of the one socket that a guest has in module "ww". The guest's thread calls all methods; none may block. The host
/// raises <see cref="Changed"/>, from any thread, when a call that said WouldBlock may now do better.
/// </summary>
public interface IGuestSocket
{
    /// <summary>Raised when the socket may have become readable, writable or closed.</summary>
    event Action? Changed;

    /// <summary>Whether a read would not say WouldBlock.</summary>
    bool CanRead { get; }

    /// <summary>Whether a write would not say WouldBlock.</summary>
    bool CanWrite { get; }

    /// <summary>Moves bytes to the guest.</summary>
    SocketState Read(Span<byte> destination, out int count);

    /// <summary>Takes bytes from the guest; the span is good during the call only.</summary>
    SocketState Write(ReadOnlySpan<byte> source, out int count);

    /// <summary>The guest closed its end, or exited.</summary>
    void Close();
}

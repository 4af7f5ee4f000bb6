namespace Wetware.Wasm.Wasi;

/// <summary>The guest's socket. Never blocks: a guest waits in poll_oneoff.</summary>
internal sealed class SocketDescriptor(IGuestSocket socket) : Descriptor
{
    private bool _closed;

    public override event Action? Changed
    {
        add => socket.Changed += value;
        remove => socket.Changed -= value;
    }

    public override FileType Type => FileType.SocketStream;

    public override bool CanRead => _closed || socket.CanRead;

    public override bool CanWrite => _closed || socket.CanWrite;

    public override Errno Read(Span<byte> destination, CancellationToken stopping, out int count)
    {
        count = 0;
        return _closed ? Errno.BadF : socket.Read(destination, out count) == SocketState.WouldBlock ? Errno.Again : Errno.Success;
    }

    public override Errno Write(ReadOnlySpan<byte> source, CancellationToken stopping, out int count)
    {
        count = 0;
        return _closed ? Errno.BadF : socket.Write(source, out count) switch
        {
            SocketState.Done => Errno.Success,
            SocketState.WouldBlock => Errno.Again,
            _ => Errno.Pipe,
        };
    }

    public override void Close()
    {
        if (!_closed)
        {
            _closed = true;
            socket.Close();
        }
    }
}

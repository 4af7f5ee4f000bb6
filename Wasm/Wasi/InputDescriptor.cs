using System.Diagnostics.CodeAnalysis;

namespace Wetware.Wasm.Wasi;

/// <summary>
/// Standard input. A guest that asked for it (non-blocking) is told to wait in poll_oneoff instead of waiting in a read. A poll has to read ahead to know: what
/// came is kept for the next read. A wait for the stream ends when the guest is stopped, whether or not the stream's own read can be cancelled.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The stream may hold the token when the descriptor is closed; the source has no timer and needs no disposal.")]
internal sealed class InputDescriptor(Stream stream) : Descriptor
{
    // One piece of a large read; bounds what a guest makes the host hold.
    private const int PieceBytes = 64 << 10;

    // What a poll reads ahead, where no read has said how much it wants.
    private const int AheadBytes = 4 << 10;

    private readonly CancellationTokenSource _closing = new();
    private byte[] _buffer = [];
    private int _taken;
    private int _filled;

    // The read of the stream that is under way, or over and not yet taken. Invariant: while there is one, the buffer is the stream's.
    private Task<int>? _reading;

    public override event Action? Changed;

    public override FileType Type => FileType.CharacterDevice;

    public override bool CanRead => _taken < _filled || _reading is { IsCompleted: true };

    public override void Prepare()
    {
        if (_taken == _filled)
        {
            Begin(AheadBytes);
        }
    }

    public override Errno Read(Span<byte> destination, CancellationToken stopping, out int count)
    {
        count = 0;
        if (_taken == _filled)
        {
            Begin(Math.Min(destination.Length, PieceBytes));
            if (!_reading!.IsCompleted && (Flags & NonBlocking) != 0)
            {
                return Errno.Again;
            }

            Finish(stopping);
        }

        count = Math.Min(destination.Length, _filled - _taken);
        _buffer.AsSpan(_taken, count).CopyTo(destination);
        _taken += count;
        return Errno.Success;
    }

    public override void Close() => _closing.Cancel();

    private void Begin(int bytes)
    {
        if (_reading is not null)
        {
            return;
        }

        if (_buffer.Length < bytes)
        {
            _buffer = new byte[bytes];
        }

        _reading = stream.ReadAsync(_buffer.AsMemory(0, bytes), _closing.Token).AsTask();
        if (!_reading.IsCompleted)
        {
            _ = _reading.ContinueWith(
                static (_, self) => ((InputDescriptor)self!).Changed?.Invoke(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Finish(CancellationToken stopping)
    {
        // A guest that is stopped leaves the read under way, which keeps the buffer.
        var reading = _reading!.WaitAsync(stopping);
        try
        {
            (_taken, _filled) = (0, reading.GetAwaiter().GetResult());
        }
        finally
        {
            if (_reading.IsCompleted)
            {
                _reading = null;
            }
        }
    }
}

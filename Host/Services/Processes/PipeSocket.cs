using System.Buffers;
using System.IO.Pipelines;
using Wetware.Wasm.Wasi;

namespace Wetware.Host.Services.Processes;

/// <summary>A program's socket over two pipes: what would wait says so, and tells when it need not any more. Called on the program's thread only.</summary>
internal sealed class PipeSocket(PipeReader input, PipeWriter output) : IGuestSocket
{
    // One piece of a large write; the pipe takes it whole.
    private const int PieceBytes = 64 << 10;

    private Task<ReadResult>? _reading;
    private Task<FlushResult>? _flushing;
    private bool _isClosed;

    public event Action? Changed;

    public bool CanRead => _isClosed || Reading().IsCompleted;

    public bool CanWrite => _isClosed || _flushing is null or { IsCompleted: true };

    public SocketState Read(Span<byte> destination, out int count)
    {
        count = 0;
        if (_isClosed)
        {
            return SocketState.Closed;
        }

        var reading = Reading();
        if (!reading.IsCompleted)
        {
            return SocketState.WouldBlock;
        }

        if (!reading.IsCompletedSuccessfully)
        {
            return SocketState.Closed;
        }

        var result = reading.Result;
        count = (int)Math.Min(destination.Length, result.Buffer.Length);
        result.Buffer.Slice(0, count).CopyTo(destination);
        if (count == 0 && result.IsCompleted)
        {
            // The result stays, for whoever asks again.
            return SocketState.Closed;
        }

        _reading = null;
        input.AdvanceTo(result.Buffer.GetPosition(count));
        return SocketState.Done;
    }

    public SocketState Write(ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        if (_isClosed || (_flushing is { IsCompleted: true } flushed && (!flushed.IsCompletedSuccessfully || flushed.Result.IsCompleted)))
        {
            return SocketState.Closed;
        }

        if (_flushing is { IsCompleted: false })
        {
            return SocketState.WouldBlock;
        }

        count = Math.Min(source.Length, PieceBytes);
        output.Write(source[..count]);
        _flushing = output.FlushAsync().AsTask();
        Watch(_flushing);
        return SocketState.Done;
    }

    public void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            output.Complete();
            if (_reading is { IsCompleted: false })
            {
                input.CancelPendingRead();
            }

            input.Complete();
        }
    }

    private Task<ReadResult> Reading()
    {
        if (_reading is null)
        {
            _reading = input.ReadAsync().AsTask();
            Watch(_reading);
        }

        return _reading;
    }

    private void Watch(Task change)
    {
        if (!change.IsCompleted)
        {
            _ = change.ContinueWith(
                static (_, socket) => ((PipeSocket)socket!).Changed?.Invoke(), this, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Wetware.Core;
namespace Wetware.Rpc.Transport;

/// <summary>Anything that System.IO.Pipelines can carry: a stream such as TLS, or two pipes in memory.</summary>
/// <param name="pipe">Its two ends; owned.</param>
/// <param name="peer">Who the other side is, for people.</param>
/// <param name="isStream">Whether completing the output writes what is left of it, which may take for ever.</param>
internal sealed class PipeTransport(IDuplexPipe pipe, string peer, bool isStream) : FrameTransport
{
    private Task _pumping = Task.CompletedTask;
    private List<FramedMessage> _batch = new(64);
    private ITransportSink? _sink;
    private int _sending;
    private int _closing;
    private bool _hasFailedToSend;

    public override string Peer => peer;

    internal override void Start(ITransportSink sink)
    {
        Invariant.Check(_sink is null);
        _sink = sink;
        _ = Task.Run(ReceiveAsync);
    }

    internal override void Flush()
    {
        if (_sink!.HasOutgoing && Interlocked.CompareExchange(ref _sending, 1, 0) == 0)
        {
            Volatile.Write(ref _pumping, PumpAsync());
        }
    }

    internal override void Close()
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0)
        {
            Flush();
            pipe.Input.CancelPendingRead();
        }
    }

    private async Task ReceiveAsync()
    {
        var frames = new FrameAssembler(_sink!.FrameBytesMax, mayRest: true);
        CloseReason reason;
        try
        {
            reason = await ReceiveAllAsync(frames).ConfigureAwait(false);
        }
        catch (FrameException refused)
        {
            reason = new CloseReason(CloseKind.FrameTooLarge, $"{peer} sent {refused.Message}");
        }
        catch (IOException failure)
        {
            reason = new CloseReason(CloseKind.ReceiveFailed, $"receiving from {peer} failed: {failure.Message}");
        }
        catch (Exception fault)
        {
            reason = CloseReason.Fault(fault);
        }

        frames.Drop();
        try
        {
            _sink.Ended(reason);
            await StopAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The connection has ended and said why; what a stream says when it is put away changes nothing.
        }
        finally
        {
            HasStopped();
        }
    }

    private async Task<CloseReason> ReceiveAllAsync(FrameAssembler frames)
    {
        while (true)
        {
            var reading = ReadAsync();
            if (!reading.IsCompleted)
            {
                frames.Rest();
            }

            var result = await reading.ConfigureAwait(false);
            if (result.IsCanceled)
            {
                return new CloseReason(CloseKind.Local, "this side closed the connection");
            }

            var buffer = result.Buffer;
            if (!buffer.IsEmpty)
            {
                _sink!.BatchStarts();
                while (!buffer.IsEmpty)
                {
                    var room = frames.Free;
                    var count = (int)Math.Min(room.Length, buffer.Length);
                    buffer.Slice(0, count).CopyTo(room.Span);
                    buffer = buffer.Slice(count);
                    frames.Filled(count);
                    while (frames.TryTake(out var frame))
                    {
                        _sink.Received(frame!);
                    }
                }

                _sink.BatchEnds();
            }

            pipe.Input.AdvanceTo(buffer.End);
            if (result.IsCompleted)
            {
                return frames.IsInsideFrame
                    ? new CloseReason(CloseKind.EndInsideFrame, $"the stream from {peer} ended inside a frame")
                    : new CloseReason(CloseKind.PeerClosed, $"{peer} closed the connection");
            }
        }
    }

    // What a stream throws is its own affair (TLS alone has three kinds); here all of it means that the connection is lost.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadAsync()
    {
        try
        {
            return await pipe.Input.ReadAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FlushAsync()
    {
        try
        {
            return await pipe.Output.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            do
            {
                while (_sink!.HasOutgoing)
                {
                    await WriteAsync().ConfigureAwait(false);
                }

                Interlocked.Exchange(ref _sending, 0);
            }
            while (_sink.HasOutgoing && Interlocked.CompareExchange(ref _sending, 1, 0) == 0);
        }
        catch (IOException failure)
        {
            // The right to send is kept for good: nothing can be sent any more.
            Volatile.Write(ref _hasFailedToSend, true);
            _sink!.Ended(new CloseReason(CloseKind.SendFailed, $"sending to {peer} failed: {failure.Message}"));
        }
        catch (Exception fault)
        {
            Volatile.Write(ref _hasFailedToSend, true);
            _sink!.Ended(CloseReason.Fault(fault));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteAsync()
    {
        _batch = _sink!.TakeOutgoing(_batch);
        long bytes = 0;
        foreach (var message in _batch)
        {
            bytes += message.SizeBytes;
            Write(message);
            message.Release();
        }

        _batch.Clear();
        var flushed = await FlushAsync().ConfigureAwait(false);
        _sink.Written(bytes);
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new IOException("the peer no longer reads");
        }
    }

    private void Write(FramedMessage message)
    {
        var header = FramedMessage.HeaderBytes(message.SegmentCount);
        message.WriteHeader(pipe.Output.GetSpan(header)[..header]);
        pipe.Output.Advance(header);
        for (var i = 0; i < message.SegmentCount; i++)
        {
            pipe.Output.Write(message.SegmentBytes(i));
        }
    }

    private async Task StopAsync()
    {
        pipe.Output.CancelPendingFlush();
        await TakeRightToSendAsync().ConfigureAwait(false);
        await pipe.Input.CompleteAsync().ConfigureAwait(false);
        var lost = _hasFailedToSend && isStream ? new IOException("the connection was lost") : null;
        await pipe.Output.CompleteAsync(lost).ConfigureAwait(false);
    }

    // Only the sender may complete the output, and nobody may send afterwards.
    private async Task TakeRightToSendAsync()
    {
        do
        {
            await Volatile.Read(ref _pumping).ConfigureAwait(false);
            if (Interlocked.CompareExchange(ref _sending, 1, 0) == 0)
            {
                return;
            }

            await Task.Yield();
        }
        while (!Volatile.Read(ref _hasFailedToSend));
    }
}

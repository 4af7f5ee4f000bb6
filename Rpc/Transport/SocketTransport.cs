using System.Net.Sockets;
using Wetware.Core;

namespace Wetware.Rpc.Transport;

/// <summary>
/// A TCP or Unix socket, received by a thread of its own. Each thread that has something to send sends it. Sends do not block: a
/// sender that finds the socket full leaves the rest to a second thread, so nobody who calls ever waits for the peer to
/// read. Measured against asynchronous receives, this saves two thread switches per message (docs/decisions/0121).
/// </summary>
internal sealed class SocketTransport : FrameTransport
{
    private readonly Socket _socket;
    private readonly StreamSocket _stream;
    private readonly SendBatch _batch = new();
    private readonly object _wake = new();
    private ITransportSink? _sink;
    private Thread? _writer;
    private int _sending;
    private bool _handedOver;
    private int _closing;
    private int _threads;

    public SocketTransport(Socket socket)
    {
        _socket = socket;
        _stream = StreamSocket.For(socket);
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            _socket.NoDelay = true;
        }

        Liveness.Watch(socket);

        Peer = socket.RemoteEndPoint?.ToString() ?? "unknown";
    }

    public override string Peer { get; }

    internal override void Start(ITransportSink sink)
    {
        Invariant.Check(_sink is null);
        _sink = sink;
        _threads = 1;
        new Thread(Receive) { IsBackground = true, Name = "rpc " + Peer }.Start();
    }

    internal override void Flush()
    {
        // One sender at a time. A second one leaves its messages to the first, which looks again before it goes.
        while (_sink!.HasOutgoing && Interlocked.CompareExchange(ref _sending, 1, 0) == 0)
        {
            if (!Pump())
            {
                WakeWriter();
                return;
            }

            Interlocked.Exchange(ref _sending, 0);
        }
    }

    internal override void Close()
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        Flush();
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The peer was faster; the loop sees the end either way, or has seen it and given the socket back.
            _socket.Close();
        }

        lock (_wake)
        {
            Monitor.Pulse(_wake);
        }
    }

    private void Receive()
    {
        var frames = new FrameAssembler(_sink!.FrameBytesMax);
        var reason = ReceiveAll(frames);
        frames.Drop();
        _sink.Ended(reason);
        ThreadEnds();
    }

    private CloseReason ReceiveAll(FrameAssembler frames)
    {
        try
        {
            while (true)
            {
                var count = _stream.Receive(frames.Free.Span, frames.Behind.Span);
                if (count == 0)
                {
                    return frames.IsInsideFrame
                        ? new CloseReason(CloseKind.EndInsideFrame, $"the stream from {Peer} ended inside a frame")
                        : new CloseReason(CloseKind.PeerClosed, $"{Peer} closed the connection");
                }

                frames.Filled(count);
                _sink!.BatchStarts();
                while (frames.TryTake(out var frame))
                {
                    _sink.Received(frame!);
                }

                _sink.BatchEnds();
            }
        }
        catch (FrameException refused)
        {
            return new CloseReason(CloseKind.FrameTooLarge, $"{Peer} sent {refused.Message}");
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return new CloseReason(CloseKind.ReceiveFailed, $"receiving from {Peer} failed: {failure.Message}");
        }
        catch (Exception fault)
        {
            return CloseReason.Fault(fault);
        }
    }

    /// <summary>Writes until nothing is left.</summary>
    /// <returns>False if the socket is full.</returns>
    private bool Pump()
    {
        while (true)
        {
            _batch.Refill(_sink!);
            if (_batch.IsEmpty)
            {
                return true;
            }

            try
            {
                var written = _stream.Send(_batch.Buffers);
                if (written < 0)
                {
                    return false;
                }

                _batch.Written(written, _sink!);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                _batch.Drop(_sink!);
                FailedToSend(failure);
            }
        }
    }

    private void FailedToSend(Exception failure)
    {
        if (Volatile.Read(ref _closing) == 0)
        {
            // Told from a thread of the pool: the sender may be inside a call that holds what the end of the connection takes.
            var reason = new CloseReason(CloseKind.SendFailed, $"sending to {Peer} failed: {failure.Message}");
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Sink.Ended(state.Reason),
                (Sink: _sink!, Reason: reason), preferLocal: false);
        }
    }

    private void WakeWriter()
    {
        if (_writer is null)
        {
            Interlocked.Increment(ref _threads);
            _writer = new Thread(WriteWhenRoom) { IsBackground = true, Name = "rpc send " + Peer };
            _writer.Start();
        }

        lock (_wake)
        {
            _handedOver = true;
            Monitor.Pulse(_wake);
        }
    }

    // Holds the right to send from the moment it is handed over until the socket has taken everything.
    private void WriteWhenRoom()
    {
        while (true)
        {
            bool handedOver;
            lock (_wake)
            {
                while (!_handedOver && Volatile.Read(ref _closing) == 0)
                {
                    Monitor.Wait(_wake);
                }

                handedOver = _handedOver;
                _handedOver = false;
            }

            if (!handedOver)
            {
                ThreadEnds();
                return;
            }

            WriteRest();
        }
    }

    private void WriteRest()
    {
        while (!Pump())
        {
            if (Volatile.Read(ref _closing) == 1)
            {
                _batch.Drop(_sink!);
                continue;
            }

            WaitForRoom();
        }

        Interlocked.Exchange(ref _sending, 0);
        Flush();
    }

    private void WaitForRoom()
    {
        try
        {
            _stream.WaitForRoom();
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The next write meets the same error and reports it.
            Invariant.Check(failure is not null);
        }
    }

    private void ThreadEnds()
    {
        if (Interlocked.Decrement(ref _threads) == 0)
        {
            _socket.Dispose();
            HasStopped();
        }
    }
}

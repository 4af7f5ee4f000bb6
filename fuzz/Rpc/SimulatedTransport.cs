using Wetware.Rpc;
using Wetware.Rpc.Transport;

namespace Wetware.Fuzz.Rpc;

/// <summary>One side of a connection whose messages move only when the test says so, one at a time, on its thread: so a seed decides everything.</summary>
internal sealed class SimulatedTransport : FrameTransport
{
    private readonly Queue<byte[]> _sent = new();
    private ITransportSink? _sink;

    public override string Peer => "simulated";

    /// <summary>Whose side it is; for the test.</summary>
    public object? Tag { get; set; }

    /// <summary>The other side.</summary>
    public SimulatedTransport Other { get; private set; } = null!;

    /// <summary>Whether this side has sent something that has not arrived.</summary>
    public bool HasSent
    {
        get
        {
            Collect();
            return _sent.Count > 0;
        }
    }

    public static (SimulatedTransport One, SimulatedTransport Other) Pair()
    {
        var one = new SimulatedTransport();
        var other = new SimulatedTransport { Other = one };
        one.Other = other;
        return (one, other);
    }

    /// <summary>Lets the other side receive the next message of this one.</summary>
    /// <param name="breaksOrder">Whether the one after it comes first.</param>
    public void Move(bool breaksOrder = false)
    {
        var bytes = _sent.Dequeue();
        if (breaksOrder && _sent.TryDequeue(out var next))
        {
            Other.Receive(next);
        }

        Other.Receive(bytes);
    }

    /// <summary>Lets this side receive a message.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        var frame = Frame.Rent(bytes.Length);
        bytes.CopyTo(frame.Bytes);
        _sink!.BatchStarts();
        _sink.Received(frame);
        _sink.BatchEnds();
    }

    /// <summary>Cuts the line: what was sent is lost.</summary>
    public void Cut()
    {
        _sink!.Ended(new CloseReason(CloseKind.PeerClosed, "cut"));
        Other._sink!.Ended(new CloseReason(CloseKind.PeerClosed, "cut"));
    }

    internal override void Start(ITransportSink sink) => _sink = sink;

    internal override void Flush()
    {
        // Messages leave when the test moves them.
    }

    internal override void Close() => HasStopped();

    private void Collect()
    {
        if (!_sink!.HasOutgoing)
        {
            return;
        }

        foreach (var message in _sink.TakeOutgoing([]))
        {
            using var stream = new MemoryStream();
            var header = new byte[FramedMessage.HeaderBytes(message.SegmentCount)];
            message.WriteHeader(header);
            stream.Write(header);
            for (var i = 0; i < message.SegmentCount; i++)
            {
                stream.Write(message.SegmentBytes(i));
            }

            _sent.Enqueue(stream.ToArray());
            _sink.Written(message.SizeBytes);
            message.Release();
        }
    }
}

using Wetware.Core;
namespace Wetware.Rpc.Transport;

/// <summary>
/// Lays messages out for one gathered write: small segments are copied together, large ones are handed over as they are.
/// Knows how far a partial write came. Used by one sender at a time.
/// </summary>
internal sealed class SendBatch
{
    private readonly byte[] _copied = GC.AllocateUninitializedArray<byte>(Limits.SendBatchBytes, pinned: true);
    private readonly List<ArraySegment<byte>> _buffers = new(Limits.SendBuffersMax);
    private List<FramedMessage> _messages = new(64);
    private int _next;
    private int _covered;
    private long _coveredBytes;
    private int _copiedEnd;
    private int _copiedStart;

    /// <summary>Whether everything taken so far was written.</summary>
    public bool IsEmpty => _buffers.Count == 0 && _next == _messages.Count;

    /// <summary>What to write now.</summary>
    public List<ArraySegment<byte>> Buffers => _buffers;

    /// <summary>Takes what the sink has, once the batch before is written.</summary>
    public void Refill(ITransportSink sink)
    {
        if (_next == _messages.Count && _buffers.Count == 0)
        {
            _messages.Clear();
            _next = _covered = 0;
            _messages = sink.TakeOutgoing(_messages);
        }

        if (_buffers.Count == 0)
        {
            Lay();
        }
    }

    /// <summary>Some bytes were written.</summary>
    public void Written(int bytes, ITransportSink sink)
    {
        while (bytes > 0)
        {
            Invariant.Check(_buffers.Count > 0);
            var first = _buffers[0];
            if (bytes < first.Count)
            {
                _buffers[0] = first.Slice(bytes);
                return;
            }

            bytes -= first.Count;
            _buffers.RemoveAt(0);
        }

        if (_buffers.Count == 0)
        {
            ReleaseCovered(sink);
        }
    }

    /// <summary>Gives everything up.</summary>
    public void Drop(ITransportSink sink)
    {
        _buffers.Clear();
        while (_next < _messages.Count)
        {
            _coveredBytes += _messages[_next].SizeBytes;
            _next++;
        }

        ReleaseCovered(sink);
    }

    private void ReleaseCovered(ITransportSink sink)
    {
        for (; _covered < _next; _covered++)
        {
            _messages[_covered].Release();
        }

        sink.Written(_coveredBytes);
        _coveredBytes = 0;
    }

    private void Lay()
    {
        _copiedStart = _copiedEnd = 0;
        while (_next < _messages.Count && TryLay(_messages[_next]))
        {
            _coveredBytes += _messages[_next].SizeBytes;
            _next++;
        }

        EndCopied();
    }

    private bool TryLay(FramedMessage message)
    {
        var segments = message.SegmentCount;
        var header = FramedMessage.HeaderBytes(segments);
        // How much is copied, and how many buffers are handed over, in the worst case.
        var copied = header;
        var direct = 0;
        for (var i = 0; i < segments; i++)
        {
            var length = message.SegmentBytes(i).Count;
            if (length >= Limits.SendBytesDirect)
            {
                direct++;
            }
            else
            {
                copied += length;
            }
        }

        var isFirst = _buffers.Count == 0 && _copiedEnd == 0;
        if (!isFirst && (copied > _copied.Length - _copiedEnd || _buffers.Count + (2 * direct) + 1 > Limits.SendBuffersMax))
        {
            return false;
        }

        message.WriteHeader(Room(header));
        for (var i = 0; i < segments; i++)
        {
            var bytes = message.SegmentBytes(i);
            if (bytes.Count >= Limits.SendBytesDirect || bytes.Count > _copied.Length - _copiedEnd)
            {
                EndCopied();
                _buffers.Add(bytes);
            }
            else
            {
                bytes.AsSpan().CopyTo(Room(bytes.Count));
            }
        }

        return true;
    }

    private Span<byte> Room(int length)
    {
        Invariant.Check(length <= _copied.Length - _copiedEnd);
        var room = _copied.AsSpan(_copiedEnd, length);
        _copiedEnd += length;
        return room;
    }

    private void EndCopied()
    {
        if (_copiedEnd > _copiedStart)
        {
            _buffers.Add(new ArraySegment<byte>(_copied, _copiedStart, _copiedEnd - _copiedStart));
            _copiedStart = _copiedEnd;
        }
    }
}

using System.Buffers;
using Wetware.Core;
using Wetware.Raft.Log;

namespace Wetware.Host.Consensus;

/// <summary>Passes what is written to it on to a stored snapshot, a chunk at a time: a state need not be in memory twice to be stored.</summary>
internal sealed class SnapshotOutput(SnapshotWriter writer) : IBufferWriter<byte>
{
    private byte[] _buffer = new byte[LogLimits.SnapshotChunkBytes];
    private int _filled;

    public void Advance(int count)
    {
        Invariant.Check(count >= 0 && count <= _buffer.Length - _filled);
        _filled += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _filled < Math.Max(1, sizeHint))
        {
            Flush();
            if (_buffer.Length < sizeHint)
            {
                _buffer = new byte[sizeHint];
            }
        }

        return _buffer.AsMemory(_filled);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Passes on what is left at the end.</summary>
    public void Flush()
    {
        writer.Write(_buffer.AsSpan(0, _filled));
        _filled = 0;
    }
}

using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>Reads a complete snapshot chunk by chunk; keeps working when the snapshot is replaced meanwhile. One thread at a time, any thread.</summary>
public sealed class SnapshotReader : IDisposable
{
    private readonly IFile _file;
    private readonly string _name;
    private readonly byte[] _buffer = new byte[SnapshotChunk.Stride];

    internal SnapshotReader(IFile file, string name, SnapshotReference reference)
    {
        (_file, _name, Reference) = (file, name, reference);
    }

    /// <summary>How large the data are, and their checksum.</summary>
    public SnapshotReference Reference { get; }

    /// <summary>Reads from <paramref name="offset"/> to the end of the chunk that it lies in.</summary>
    /// <returns>The data, until the next call; empty where there are none.</returns>
    /// <exception cref="LogFormatException">The chunk is damaged: the snapshot must be made anew, or fetched from a peer.</exception>
    public ReadOnlySpan<byte> ReadChunk(long offset)
    {
        if (offset < 0 || offset >= Reference.Bytes)
        {
            return default;
        }

        var (chunk, skip) = Math.DivRem(offset, LogLimits.SnapshotChunkBytes);
        var expected = (int)Math.Min(LogLimits.SnapshotChunkBytes, Reference.Bytes - (offset - skip));
        var read = _file.ReadAt(_buffer.AsSpan(0, SnapshotChunk.HeaderBytes + expected), SnapshotChunk.OffsetOf(chunk));
        return SnapshotChunk.TryOpen(_buffer.AsSpan(0, read), chunk, out var data) && data.Length == expected
            ? data[(int)skip..]
            : throw new LogFormatException($"snapshot {_name} is damaged in chunk {chunk}");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

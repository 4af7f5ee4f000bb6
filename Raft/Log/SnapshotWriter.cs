using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>
/// Stores a snapshot chunk by chunk, made here or received. Whole chunks survive a crash or a broken transfer, and the next
/// writer of the same snapshot goes on after them. One thread at a time, any thread.
/// </summary>
public sealed class SnapshotWriter : IDisposable
{
    private const int ChunksPerSync = 64;

    private readonly IFileSystem _files;
    private readonly GroupId _group;
    private readonly SnapshotMetadata _metadata;
    private readonly IFile _file;
    private readonly byte[] _buffer = new byte[SnapshotChunk.Stride];
    private long _chunks;
    private int _filled;
    private uint _checksum;
    private volatile bool _isDone;

    internal SnapshotWriter(IFileSystem files, GroupId group, in SnapshotMetadata metadata, bool isPartial)
    {
        (_files, _group, _metadata) = (files, group, metadata);
        var name = FileNames.PartialSnapshot(group, metadata.Index, metadata.Term);
        if (isPartial)
        {
            _file = files.Open(name);
            if (HasSameHeader())
            {
                FindEnd();
                return;
            }

            _file.Dispose();
        }

        _file = files.Create(name, 0);
        _file.WriteAt(new SnapshotHeader(group, metadata, 0, 0, IsComplete: false).Encode(), 0);
    }

    /// <summary>Bytes of data that are stored: where a transfer goes on.</summary>
    public long Bytes => (_chunks * LogLimits.SnapshotChunkBytes) + _filled;

    /// <summary>Whether it has the file, so that nobody else may write it.</summary>
    internal bool IsOpen => !_isDone;

    /// <summary>Whether the file bears its final name.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>CRC-32C over all data so far.</summary>
    public uint Checksum => Crc32C.Append(_checksum, _buffer.AsSpan(SnapshotChunk.HeaderBytes, _filled));

    /// <summary>Appends data.</summary>
    /// <exception cref="DiskFullException">There is no room; what was stored stays, and writing may go on later.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        Invariant.Check(!_isDone);
        while (data.Length > 0)
        {
            if (_filled == LogLimits.SnapshotChunkBytes)
            {
                WriteChunk();
            }

            var take = Math.Min(data.Length, LogLimits.SnapshotChunkBytes - _filled);
            data[..take].CopyTo(_buffer.AsSpan(SnapshotChunk.HeaderBytes + _filled));
            _filled += take;
            data = data[take..];
        }
    }

    /// <summary>
    /// Ends the snapshot and makes it durable under its final name, all at once for whoever looks. It stands for nothing until
    /// <see cref="GroupLog.Install"/> or <see cref="GroupLog.Offer"/>.
    /// </summary>
    /// <returns>The snapshot; its <see cref="Snapshot.Data"/> is a <see cref="SnapshotReference"/>.</returns>
    public Snapshot Complete()
    {
        Invariant.Check(!_isDone);
        var bytes = Bytes;
        if (_filled > 0)
        {
            WriteChunk();
        }

        _file.Sync();
        _file.WriteAt(new SnapshotHeader(_group, _metadata, bytes, _checksum, IsComplete: true).Encode(), 0);
        _file.Sync();
        var name = FileNames.Snapshot(_group, _metadata.Index, _metadata.Term);
        _files.Rename(FileNames.PartialSnapshot(_group, _metadata.Index, _metadata.Term), name);
        _files.SyncFolder();
        IsComplete = true;
        _isDone = true;
        _file.Dispose();
        return new(_metadata, new SnapshotReference(bytes, _checksum).Encode());
    }

    /// <summary>Gives up what is stored, which is not what the sender has: the next writer of the same snapshot starts from nothing.</summary>
    public void Discard()
    {
        Invariant.Check(!_isDone);
        _file.WriteAt(new byte[SnapshotHeader.Bytes], 0);
        Dispose();
    }

    /// <summary>Closes the file; an unfinished snapshot stays to be gone on with.</summary>
    public void Dispose()
    {
        if (!_isDone)
        {
            _file.Dispose();
            _isDone = true;
        }
    }

    private void WriteChunk()
    {
        SnapshotChunk.Seal(_buffer, _chunks, _filled);
        _file.WriteAt(_buffer.AsSpan(0, SnapshotChunk.HeaderBytes + _filled), SnapshotChunk.OffsetOf(_chunks));
        _checksum = Crc32C.Append(_checksum, _buffer.AsSpan(SnapshotChunk.HeaderBytes, _filled));
        _chunks++;
        _filled = 0;
        if (_chunks % ChunksPerSync == 0)
        {
            // In slices, so that the log's own syncs do not queue behind one large one.
            _file.Sync();
        }
    }

    private bool HasSameHeader()
    {
        var bytes = new byte[SnapshotHeader.Bytes];
        return _file.ReadAt(bytes, 0) == bytes.Length
            && SnapshotHeader.TryRead(bytes, out var found)
            && found.Group == _group
            && found.Metadata.Index == _metadata.Index
            && found.Metadata.Term == _metadata.Term
            && found.Metadata.ConfState.IsEquivalentTo(_metadata.ConfState);
    }

    private void FindEnd()
    {
        while (true)
        {
            var read = _file.ReadAt(_buffer, SnapshotChunk.OffsetOf(_chunks));
            if (!SnapshotChunk.TryOpen(_buffer.AsSpan(0, read), _chunks, out var data) || data.Length < LogLimits.SnapshotChunkBytes)
            {
                return;
            }

            // Written again, because after a failed sync a file may show bytes that are not on disk and that no later sync would write.
            _checksum = Crc32C.Append(_checksum, data);
            _file.WriteAt(_buffer, SnapshotChunk.OffsetOf(_chunks));
            _chunks++;
        }
    }
}

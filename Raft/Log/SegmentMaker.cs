using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>
/// Makes the next segment ready while the current one fills: reserved, written with zeros, headed, synced, named. Blocks that
/// were written before make a later sync several times faster than blocks that the file system must first allocate.
/// </summary>
internal sealed class SegmentMaker(IFileSystem files, LogIdentity identity, int segmentBytes, int sectorBytes)
{
    private const int ChunkBytes = 1 << 20;
    private const int ChunksPerSync = 8;

    private static readonly byte[] Zeros = new byte[ChunkBytes];

    // Names of released segments whose blocks are used again.
    private readonly Queue<string> _spares = new();
    private IBackgroundWork? _work;
    private Segment? _made;
    private ulong _number;

    /// <summary>Takes over a file that no segment needs any more.</summary>
    public void Reuse(string name)
    {
        if (_spares.Count < LogLimits.SpareSegmentsMax)
        {
            _spares.Enqueue(name);
        }
        else
        {
            files.Delete(name);
        }
    }

    /// <summary>Starts making segment <paramref name="number"/>.</summary>
    public void Start(ulong number)
    {
        Invariant.Check(_work is null);
        var spare = _spares.Count > 0 ? _spares.Dequeue() : null;
        _number = number;
        _work = files.Start(() => _made = Make(number, spare));
    }

    /// <summary>The segment that was being made, when it is ready.</summary>
    /// <exception cref="DiskFullException">There is no room; asking again tries again.</exception>
    public Segment Take(ulong number)
    {
        if (_work is null)
        {
            Start(number);
        }

        Invariant.Check(_number == number);
        try
        {
            return Finish();
        }
        catch (DiskFullException)
        {
            // That was when it was started; there may be room by now.
            Start(number);
            return Finish();
        }
    }

    /// <summary>Waits for work under way and lets go of what it made.</summary>
    public void Stop()
    {
        if (_work is null)
        {
            return;
        }

        try
        {
            _work.Wait();
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            // Nobody needs the segment any more, so nobody needs to know why it could not be made.
            _made = null;
        }

        _work = null;
        _made?.Dispose();
        _made = null;
    }

    private Segment Finish()
    {
        try
        {
            _work!.Wait();
        }
        finally
        {
            _work = null;
        }

        var made = _made!;
        _made = null;
        return made;
    }

    private Segment Make(ulong number, string? spare)
    {
        var temporary = FileNames.Segment(number) + FileNames.Temporary;
        var file = Acquire(temporary, spare);
        try
        {
            Fill(file, number);
            files.Rename(temporary, FileNames.Segment(number));
            files.SyncFolder();
        }
        catch (DiskFullException)
        {
            file.Dispose();
            files.Delete(temporary);
            throw;
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return new(number, file, identity.Incarnation);
    }

    private IFile Acquire(string temporary, string? spare)
    {
        if (spare is null)
        {
            return files.Create(temporary, segmentBytes);
        }

        // The old name must be gone for good before the old contents are: else a crash could leave the one with the other's contents.
        files.Rename(spare, temporary);
        files.SyncFolder();
        return files.Open(temporary);
    }

    private void Fill(IFile file, ulong number)
    {
        for (var at = 0; at < segmentBytes; at += ChunkBytes)
        {
            file.WriteAt(Zeros.AsSpan(0, Math.Min(ChunkBytes, segmentBytes - at)), at);
            if (at / ChunkBytes % ChunksPerSync == ChunksPerSync - 1)
            {
                // In slices, so that the log's own syncs do not queue behind one large one.
                file.Sync();
            }
        }

        var header = new byte[sectorBytes];
        SegmentHeader.Write(header, number, identity.Incarnation);
        file.WriteAt(header, 0);
        file.Sync();
    }
}

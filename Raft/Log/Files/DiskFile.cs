using Microsoft.Win32.SafeHandles;

namespace Wetware.Raft.Log.Files;

/// <summary>A file of a real disk.</summary>
internal sealed class DiskFile(SafeFileHandle handle, string path) : IFile
{
    // The same file past the kernel's cache, each write on disk when it returns; null where there is no such thing.
    private SafeFileHandle? _direct;
    private bool _isDirectTried;

    public long Length => RandomAccess.GetLength(handle);

    public int ReadAt(Span<byte> destination, long offset)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(handle, destination[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void WriteAt(ReadOnlySpan<byte> source, long offset) => Write(handle, source, offset);

    public void Sync() => NativeDisk.SyncData(handle, path);

    public unsafe void WriteDurably(ReadOnlySpan<byte> source, long offset)
    {
        // Held where it is from the look at its address to the end of the write.
        fixed (byte* start = source)
        {
            if (!NativeDisk.IsAligned((nint)start, source.Length, offset) || !TryWriteDirect(source, offset))
            {
                WriteAt(source, offset);
                Sync();
            }
        }
    }

    public void Dispose()
    {
        _direct?.Dispose();
        handle.Dispose();
    }

    private bool TryWriteDirect(ReadOnlySpan<byte> source, long offset)
    {
        if (!_isDirectTried)
        {
            _isDirectTried = true;
            _direct = NativeDisk.TryOpenDirect(handle);
        }

        if (_direct is null)
        {
            return false;
        }

        try
        {
            Write(_direct, source, offset);
            return true;
        }
        catch (IOException failure) when (NativeDisk.IsRefused(failure))
        {
            // What a disk asks of such writes shows when one is refused, which happens before anything of it is written.
            _direct.Dispose();
            _direct = null;
            return false;
        }
    }

    private void Write(SafeFileHandle to, ReadOnlySpan<byte> source, long offset)
    {
        try
        {
            RandomAccess.Write(to, source, offset);
        }
        catch (IOException failure) when (NativeDisk.IsFull(failure))
        {
            throw new DiskFullException($"no room for {source.Length} bytes at {offset} of {path}", failure);
        }
    }
}

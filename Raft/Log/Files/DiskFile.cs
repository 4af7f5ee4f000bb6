using Microsoft.Win32.SafeHandles;

namespace Wetware.Raft.Log.Files;

/// <summary>A file of a real disk.</summary>
internal sealed class DiskFile(SafeFileHandle handle, string path) : IFile
{
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

    public void WriteAt(ReadOnlySpan<byte> source, long offset)
    {
        try
        {
            RandomAccess.Write(handle, source, offset);
        }
        catch (IOException failure) when (NativeDisk.IsFull(failure))
        {
            throw new DiskFullException($"no room for {source.Length} bytes at {offset} of {path}", failure);
        }
    }

    public void Sync() => NativeDisk.SyncData(handle, path);

    public void Dispose() => handle.Dispose();
}

using Wetware.Raft.Log;

namespace Wetware.Fuzz.Disk;

/// <summary>An open file of a simulated disk; of no use after a crash.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk, SimulatedInode inode, int life) : IFile
{
    public long Length
    {
        get
        {
            disk.EnsureAlive(life);
            return inode.Length;
        }
    }

    public int ReadAt(Span<byte> destination, long offset)
    {
        disk.EnsureAlive(life);
        return disk.Read(inode, destination, offset);
    }

    public void WriteAt(ReadOnlySpan<byte> source, long offset)
    {
        disk.EnsureAlive(life);
        disk.Write(inode, source, offset);
    }

    public void Sync()
    {
        disk.EnsureAlive(life);
        disk.Sync(inode);
    }

    public void Dispose()
    {
        // Closing a file does nothing to a disk.
    }
}

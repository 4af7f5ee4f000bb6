using Wetware.Raft.Log;
using Wetware.Raft.Log.Files;

namespace Wetware.Bench.Log;

/// <summary>A real folder whose syncs do nothing: what the log itself costs, without the disk.</summary>
internal sealed class UnsyncedFileSystem(string folder) : IFileSystem
{
    private readonly DiskFileSystem _disk = new(folder);

    public string Name => _disk.Name;

    public IReadOnlyList<string> List() => _disk.List();

    public IFile Open(string name) => new Unsynced(_disk.Open(name));

    public IFile Create(string name, long bytes) => new Unsynced(_disk.Create(name, bytes));

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void Delete(string name) => _disk.Delete(name);

    public void SyncFolder()
    {
        // That is the point.
    }

    public IDisposable Lock(string name) => _disk.Lock(name);

    public IBackgroundWork Start(Action work) => _disk.Start(work);

    private sealed class Unsynced(IFile file) : IFile
    {
        public long Length => file.Length;

        public int ReadAt(Span<byte> destination, long offset) => file.ReadAt(destination, offset);

        public void WriteAt(ReadOnlySpan<byte> source, long offset) => file.WriteAt(source, offset);

        public void Sync()
        {
            // That is the point.
        }

        public void Dispose() => file.Dispose();
    }
}

using System.Runtime.InteropServices;

namespace Wetware.Raft.Log.Files;

/// <summary>A folder of a real disk.</summary>
public sealed class DiskFileSystem : IFileSystem
{
    private readonly string _folder;

    /// <summary>Uses a folder, which is made if it is not there.</summary>
    public DiskFileSystem(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(_folder);
    }

    /// <inheritdoc/>
    public string Name => _folder;

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path))];

    /// <inheritdoc/>
    public IFile Open(string name) => new DiskFile(
        File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), PathOf(name));

    /// <inheritdoc/>
    public IFile Create(string name, long bytes)
    {
        try
        {
            return new DiskFile(
                File.OpenHandle(
                    PathOf(name), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, preallocationSize: bytes),
                PathOf(name));
        }
        catch (IOException failure) when (NativeDisk.IsFull(failure))
        {
            throw new DiskFullException($"no room for {name} ({bytes} bytes) in {_folder}", failure);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    public void SyncFolder() => NativeDisk.SyncFolder(_folder);

    /// <inheritdoc/>
    public IDisposable Lock(string name)
    {
        try
        {
            // Share mode None is an exclusive advisory lock of the system, and goes away with the process, however it ends.
            return File.OpenHandle(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new DataFolderLockedException(
                $"{_folder} is in use by another process; stop that one, or give this one a folder of its own", failure);
        }
    }

    /// <inheritdoc/>
    public IBackgroundWork Start(Action work) => new DiskWork(work);

    private string PathOf(string name) => Path.Combine(_folder, name);
}

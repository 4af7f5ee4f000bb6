namespace Wetware.Raft.Log;

/// <summary>
/// The one seam between the log and the disk: a single folder without subfolders. Names are plain file names. Changes of
/// names are durable only after <see cref="SyncFolder"/>. Failures are <see cref="IOException"/> or <see cref="DiskFullException"/>.
/// </summary>
public interface IFileSystem
{
    /// <summary>What messages call the folder.</summary>
    string Name { get; }

    /// <summary>The names of all files, in any order.</summary>
    IReadOnlyList<string> List();

    /// <summary>Opens an existing file for reading and writing.</summary>
    IFile Open(string name);

    /// <summary>Creates an empty file, replacing any of that name, and reserves room for <paramref name="bytes"/> bytes.</summary>
    IFile Create(string name, long bytes);

    /// <summary>Renames a file, replacing any of the new name, at once for all who look.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file; open handles keep working.</summary>
    void Delete(string name);

    /// <summary>Returns when all creations, renames and deletions are on disk.</summary>
    void SyncFolder();

    /// <summary>Takes the exclusive lock named <paramref name="name"/> until the result is disposed.</summary>
    /// <exception cref="DataFolderLockedException">Somebody else holds it.</exception>
    IDisposable Lock(string name);

    /// <summary>
    /// Runs work that only touches files nobody else has open, beside the caller (or, in a simulation, whenever the
    /// simulation sees fit). Used to prepare segments ahead.
    /// </summary>
    IBackgroundWork Start(Action work);
}

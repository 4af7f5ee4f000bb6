using Wetware.Client.Identity;
using Wetware.Core;

namespace Wetware.Host.Storage;

/// <summary>
/// The folder that a node owns: its identity, the peers it knew, and the log. One process at a time holds it.
/// Layout: <c>identity.pem</c> (PKCS #8, mode 0600), <c>peers</c> (a sample of the cluster, see schemas/pex.capnp), <c>log/</c>, <c>snapshots/</c>, <c>lock</c>.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";
    private readonly FileStream _lock;

    /// <summary>What was in the folder before this process opened it.</summary>
    private readonly HashSet<string> _before;

    /// <summary>The folders that this process created, the deepest first.</summary>
    private readonly IReadOnlyList<string> _created;
    private bool _forgetsNew;

    private DataFolder(string path, FileStream held, HashSet<string> before, IReadOnlyList<string> created)
    {
        FullPath = path;
        _lock = held;
        _before = before;
        _created = created;
    }

    /// <summary>Absolute.</summary>
    public string FullPath { get; }

    public string LogFolder => Path.Combine(FullPath, "log");

    /// <summary>Where the node's key is kept unless it is kept elsewhere.</summary>
    public string IdentityFile => Path.Combine(FullPath, "identity.pem");

    /// <summary>Where the peers are kept that the node remembers.</summary>
    public string PeersFile => Path.Combine(FullPath, "peers");

    /// <summary>Creates the folder if it is absent, and takes it for this process.</summary>
    /// <exception cref="StorageException">It cannot be created or written, or another process holds it.</exception>
    public static DataFolder Open(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var absent = new List<string>();
        for (var above = full; above is not null; above = Path.GetDirectoryName(above))
        {
            if (!Directory.Exists(above))
            {
                absent.Add(above);
            }

            // The base library's own words for this, that a file exists or that a part of the path does not, mislead.
            if (File.Exists(above))
            {
                throw new StorageException($"data folder {full}: {above} is a file, not a folder; choose another with --data");
            }
        }

        try
        {
            Directory.CreateDirectory(full);
            var hadLock = File.Exists(Path.Combine(full, LockName));
            var held = new FileStream(Path.Combine(full, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // Looked at by the holder alone, or what another process has just put there would be taken for this one's.
            var before = Directory.EnumerateFileSystemEntries(full).Where(entry => hadLock || Path.GetFileName(entry) != LockName);
            return new DataFolder(full, held, before.ToHashSet(StringComparer.Ordinal), absent);
        }
        catch (IOException failure) when (StorageFault.IsHeld(failure))
        {
            throw new StorageException($"data folder {full}: another process holds it; stop that one or choose another folder with --data", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"data folder {full}: {StorageFault.Explain(failure)}", failure);
        }
    }

    /// <summary>What the node remembered of peers when it last ran; null if there is nothing, or more than there can be.</summary>
    /// <param name="error">Why a file that is there cannot be read.</param>
    public byte[]? LoadPeers(out string? error)
    {
        error = null;
        try
        {
            var file = new FileInfo(PeersFile);
            if (file is { Exists: true, Length: > Wetware.Membership.Limits.PexFileBytesMax })
            {
                error = "too long";
            }

            return file.Exists && error is null ? File.ReadAllBytes(PeersFile) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error = StorageFault.Explain(failure);
            return null;
        }
    }

    /// <summary>Remembers peers for the next start.</summary>
    public void SavePeers(ReadOnlySpan<byte> peers) => PrivateFile.Write(PeersFile, peers);

    /// <summary>
    /// Has <see cref="Dispose"/> remove what came to be in the folder since it was opened, and the folder if it was not there: after a first
    /// start that failed, whatever was wrong can be mended and tried again as if nothing had been.
    /// </summary>
    public void ForgetNew() => _forgetsNew = true;

    public void Dispose()
    {
        if (_forgetsNew)
        {
            Remove(Directory.EnumerateFileSystemEntries(FullPath).Where(entry => !_before.Contains(entry) && Path.GetFileName(entry) != LockName), isWhole: true);
        }

        _lock.Dispose();
        if (_forgetsNew)
        {
            // Last, so that no other process takes the folder while it is cleared.
            Remove(new[] { Path.Combine(FullPath, LockName) }.Where(file => !_before.Contains(file)), isWhole: true);
            Remove(_created, isWhole: false);
        }
    }

    /// <summary>Removes what can be removed: what cannot is no worse than what was there a moment ago.</summary>
    private static void Remove(IEnumerable<string> entries, bool isWhole)
    {
        try
        {
            foreach (var entry in entries)
            {
                if (Directory.Exists(entry))
                {
                    Directory.Delete(entry, recursive: isWhole);
                }
                else
                {
                    File.Delete(entry);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A folder that others have put something into stays.
        }
    }
}

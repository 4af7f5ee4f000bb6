using Wetware.Core.Multiformats;

namespace Wetware.Host.Storage;

/// <summary>
/// The folder that a node owns: its identity, the peers it knew, and the log. One process at a time holds it.
/// Layout: <c>identity.pem</c> (PKCS #8, mode 0600), <c>peers</c> (a multiaddr a line), <c>log/</c>, <c>snapshots/</c>, <c>lock</c>.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        FullPath = path;
        _lock = held;
    }

    /// <summary>Absolute.</summary>
    public string FullPath { get; }

    public string LogFolder => Path.Combine(FullPath, "log");

    /// <summary>Where the node's key is kept unless it is kept elsewhere.</summary>
    public string IdentityFile => Path.Combine(FullPath, "identity.pem");

    private string PeersFile => Path.Combine(FullPath, "peers");

    /// <summary>Creates the folder if it is absent, and takes it for this process.</summary>
    /// <exception cref="DataFolderException">It cannot be created or written, or another process holds it.</exception>
    public static DataFolder Open(string path)
    {
        var full = Path.GetFullPath(path);
        for (var above = full; above is not null; above = Path.GetDirectoryName(above))
        {
            // The base library's own words for this, that a file exists or that a part of the path does not, mislead.
            if (File.Exists(above))
            {
                throw new DataFolderException($"data folder {full}: {above} is a file, not a folder; choose another with --data");
            }
        }

        try
        {
            Directory.CreateDirectory(full);
            return new DataFolder(full, new FileStream(Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (StorageFault.IsHeld(failure))
        {
            throw new DataFolderException($"data folder {full}: another process holds it; stop that one or choose another folder with --data", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"data folder {full}: {StorageFault.Explain(failure)}", failure);
        }
    }

    /// <summary>The addresses of peers that were known when the node last ran; lines that are no addresses are passed over.</summary>
    public IReadOnlyList<Multiaddr> LoadPeers()
    {
        try
        {
            return File.Exists(PeersFile)
                ? [.. File.ReadLines(PeersFile).Select(line => Multiaddr.TryParse(line, out var address) ? address : null).OfType<Multiaddr>()]
                : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"peers {PeersFile}: {StorageFault.Explain(failure)}", failure);
        }
    }

    /// <summary>Remembers the addresses of peers for the next start.</summary>
    public void SavePeers(IEnumerable<Multiaddr> addresses) =>
        PrivateFile.Write(PeersFile, string.Concat(addresses.Select(address => address + "\n")));

    public void Dispose() => _lock.Dispose();
}

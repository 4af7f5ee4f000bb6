using System.Security.Cryptography;
using Wetware.Core;
using Wetware.Core.Identity;

namespace Wetware.Client.Identity;

/// <summary>A peer's private key on disk: PKCS #8 in PEM, mode 0600.</summary>
internal static class IdentityFile
{
    /// <summary>Loads the key, or creates the file on the first start.</summary>
    /// <exception cref="StorageException">The file cannot be used. It is never overwritten.</exception>
    public static PeerKey LoadOrCreate(string path) => Guard(path, () =>
    {
        if (File.Exists(path))
        {
            return Read(path);
        }

        var key = PeerKey.Create();
        PrivateFile.Write(path, key.ToPem());
        return key;
    });

    /// <summary>Loads the key of a file that must exist.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public static PeerKey Load(string path) => Guard(path, () => Read(path));

    private static PeerKey Read(string path)
    {
        var key = PeerKey.FromPem(File.ReadAllText(path));
        if (!PrivateFile.IsShared(path))
        {
            return key;
        }

        key.Dispose();
        throw new StorageException($"identity {path}: others than its owner may read it; chmod 600 it, or start without it as a new peer");
    }

    private static PeerKey Guard(string path, Func<PeerKey> load)
    {
        try
        {
            return load();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"identity {path}: {StorageFault.Explain(failure)}", failure);
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or CryptographicException)
        {
            throw new StorageException($"identity {path}: {failure.Message}; restore it, or start without it as a new peer", failure);
        }
    }
}

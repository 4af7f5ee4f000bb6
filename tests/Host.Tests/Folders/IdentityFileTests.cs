using Wetware.Client.Identity;
using Wetware.Core;
using Wetware.Host.Storage;

namespace Wetware.Host.Tests.Folders;

public sealed class IdentityFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;

    private string File => Path.Combine(_folder, "identity.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Is_made_once_and_for_its_owner_alone()
    {
        using var key = IdentityFile.LoadOrCreate(File);
        using var again = IdentityFile.LoadOrCreate(File);
        Assert.Equal(key.Peer, again.Peer);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public void Is_refused_if_others_may_read_it_or_it_is_not_there()
    {
        Assert.Throws<StorageException>(() => IdentityFile.Load(File));
        using (IdentityFile.LoadOrCreate(File))
        {
            if (OperatingSystem.IsWindows())
            {
                Assert.Skip("no file modes");
                return;
            }

            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        var failure = Assert.Throws<StorageException>(() => IdentityFile.LoadOrCreate(File));
        Assert.Contains("chmod 600", failure.Message, StringComparison.Ordinal);
    }
}

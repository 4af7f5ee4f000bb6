using Wetware.Host.Storage;

namespace Wetware.Host.Tests.Folders;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_a_failed_first_start_created_is_removed_with_the_folders_above()
    {
        var path = Path.Combine(_folder, "above", "data");
        using (var data = DataFolder.Open(path))
        {
            Fill(data);
            data.ForgetNew();
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void What_was_there_before_stays_as_it_was()
    {
        File.WriteAllText(Path.Combine(_folder, "identity.pem"), "mine");
        Directory.CreateDirectory(Path.Combine(_folder, "log"));
        File.WriteAllText(Path.Combine(_folder, "log", "1"), "entries");
        using (var data = DataFolder.Open(_folder))
        {
            data.SavePeers([]);
            data.ForgetNew();
        }

        Assert.Equal(["identity.pem", "log"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder, "identity.pem")));
        Assert.Equal("entries", File.ReadAllText(Path.Combine(_folder, "log", "1")));
    }

    [Fact]
    public void Without_being_told_so_nothing_is_removed()
    {
        using (var data = DataFolder.Open(_folder))
        {
            Fill(data);
        }

        Assert.Equal(["identity.pem", "lock", "log", "peers"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_folder_that_others_have_put_something_into_stays()
    {
        var path = Path.Combine(_folder, "above", "data");
        using (var data = DataFolder.Open(path))
        {
            Fill(data);
            File.WriteAllText(Path.Combine(_folder, "above", "note"), "");
            data.ForgetNew();
        }

        Assert.Equal([Path.Combine(_folder, "above", "note")], Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "above")));
    }

    private static void Fill(DataFolder data)
    {
        File.WriteAllText(data.IdentityFile, "key");
        Directory.CreateDirectory(data.LogFolder);
        File.WriteAllText(Path.Combine(data.LogFolder, "1"), "entries");
        data.SavePeers([]);
    }
}

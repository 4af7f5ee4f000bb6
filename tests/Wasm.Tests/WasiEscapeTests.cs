using Wetware.Core;
using Wetware.Testing;
using Wetware.Wasm.Wasi;

namespace Wetware.Wasm.Tests;

/// <summary>Whatever a guest does in the folder that it was given, nothing outside is seen or changed.</summary>
public sealed class WasiEscapeTests : IDisposable
{
    private const int Data = WasiProcess.FirstPreopen;
    private const int ReadOnly = Data + 1;
    private const int Create = 1;
    private const int Folder = 2;
    private const long WriteRight = 1 << 6;

    private readonly DirectoryInfo _top = Directory.CreateTempSubdirectory();
    private readonly WasiProbe _guest;

    public WasiEscapeTests()
    {
        File.WriteAllText(Path.Combine(_top.FullName, "secret"), "do not read");
        _top.CreateSubdirectory("other");
        File.SetLastWriteTimeUtc(Path.Combine(_top.FullName, "secret"), DateTime.UnixEpoch.AddYears(40));
        var readOnly = _top.CreateSubdirectory("ro");
        File.WriteAllText(Path.Combine(readOnly.FullName, "given"), "given");
        _guest = new WasiProbe(new WasiOptions
        {
            DescriptorsMax = 64,
            Preopens = [new Preopen("/data", _top.CreateSubdirectory("data").FullName, true), new Preopen("/ro", readOnly.FullName, false)],
        });
    }

    public void Dispose()
    {
        _guest.Dispose();
        _top.Delete(recursive: true);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData("./../data/../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("/")]
    public void A_path_that_leads_outside_is_refused_by_every_function(string path)
    {
        Assert.Equal(Errno.Success, _guest.Change("path_create_directory", Data, "a"));
        Assert.Equal(Errno.NotCapable, _guest.Open(Data, path));
        Assert.Equal(Errno.NotCapable, _guest.Open(Data, path, Create, WriteRight));
        Assert.Equal(Errno.NotCapable, _guest.Open(Data, path, Folder));
        Assert.Equal(Errno.NotCapable, _guest.Stat(Data, path));
        Assert.Equal(Errno.NotCapable, _guest.SetTimes(Data, path));
        Assert.Equal(Errno.NotCapable, _guest.Change("path_create_directory", Data, path));
        Assert.Equal(Errno.NotCapable, _guest.Change("path_remove_directory", Data, path));
        Assert.Equal(Errno.NotCapable, _guest.Change("path_unlink_file", Data, path));
        Assert.Equal(Errno.NotCapable, _guest.Rename(Data, path, Data, "b"));
        Assert.Equal(Errno.NotCapable, _guest.Rename(Data, "a", Data, path));
        Assert.Equal(Errno.NotCapable, _guest.Link("a", Data, path));
        AssertOutsideIsUntouched();
    }

    [Theory]
    [InlineData("..", "link/secret")]
    [InlineData("../secret", "link")]
    [InlineData("a/../../secret", "link")]
    [InlineData("link2/../secret", "link")]
    public void A_link_that_leads_outside_may_be_made_and_is_not_followed(string target, string path)
    {
        _guest.Change("path_create_directory", Data, "a");
        Assert.Equal(Errno.Success, _guest.Link("..", Data, "link2"));
        Assert.Equal(Errno.Success, _guest.Link(target, Data, "link"));
        Assert.Equal(Errno.NotCapable, _guest.Open(Data, path));
        Assert.Equal(Errno.NotCapable, _guest.Open(Data, path, Create, WriteRight));
        Assert.Equal(Errno.NotCapable, _guest.Stat(Data, path));
        Assert.Equal(Errno.NotCapable, _guest.SetTimes(Data, path));
        Assert.Equal(Errno.NotCapable, _guest.Link("/etc/passwd", Data, "absolute"));
        AssertOutsideIsUntouched();
    }

    [Fact]
    public void A_link_to_itself_is_a_loop()
    {
        _guest.Link("link", Data, "link");
        Assert.Equal(Errno.Loop, _guest.Open(Data, "link"));
        Assert.Equal(Errno.Loop, _guest.Open(Data, "link", follow: false));
        Assert.Equal(Errno.Success, _guest.Stat(Data, "link", follow: false));
    }

    [Fact]
    public void A_folder_replaced_by_a_link_after_it_was_opened_leads_nowhere()
    {
        _guest.Change("path_create_directory", Data, "a");
        _guest.Change("path_create_directory", Data, "a/b");
        Assert.Equal(Errno.Success, _guest.Open(Data, "a/b", Folder));
        var folder = _guest.Result;
        Assert.Equal(Errno.Success, _guest.Rename(Data, "a", Data, "moved"));
        Assert.Equal(Errno.Success, _guest.Link("..", Data, "a"));
        Directory.CreateDirectory(Path.Combine(_top.FullName, "b"));
        File.WriteAllText(Path.Combine(_top.FullName, "b", "secret"), "do not read");
        Assert.Equal(Errno.NoEnt, _guest.Open(folder, "secret"));
        Assert.Equal(Errno.NoEnt, _guest.Open(folder, "new", Create, WriteRight));
        Assert.Equal(Errno.NoEnt, _guest.Stat(folder, "secret"));
        Assert.Equal(Errno.NoEnt, _guest.Change("path_create_directory", folder, "new"));
        Assert.Equal(Errno.NoEnt, _guest.Change("path_unlink_file", folder, "secret"));
        Assert.Equal(Errno.NoEnt, _guest.Rename(folder, "secret", Data, "mine"));
        Assert.Equal(Errno.NoEnt, _guest.List(folder));
        Assert.Equal(Errno.NoEnt, _guest.Call("fd_filestat_get", Value.From(folder), Value.From(16384)));
        Assert.Equal(["secret"], new DirectoryInfo(Path.Combine(_top.FullName, "b")).GetFileSystemInfos().Select(static info => info.Name));
    }

    [Fact]
    public void An_open_file_stays_itself_when_a_link_takes_its_place()
    {
        Assert.Equal(Errno.Success, _guest.Open(Data, "file", Create, WriteRight));
        var file = _guest.Result;
        Assert.Equal(Errno.Success, _guest.Rename(Data, "file", Data, "moved"));
        Assert.Equal(Errno.Success, _guest.Link("../secret", Data, "file"));
        Assert.Equal(Errno.Success, _guest.Write(file, 7));
        Assert.Equal(Errno.Success, _guest.SetTimes(file));
        Assert.Equal(7, new FileInfo(Path.Combine(_top.FullName, "data", "moved")).Length);
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1), File.GetLastWriteTimeUtc(Path.Combine(_top.FullName, "data", "moved")));
        AssertOutsideIsUntouched();
    }

    [Fact]
    public void What_was_not_granted_is_refused_by_its_proper_number()
    {
        Assert.Equal(Errno.NotCapable, _guest.Open(ReadOnly, "new", Create, WriteRight));
        Assert.Equal(Errno.NotCapable, _guest.Open(ReadOnly, "given", 0, WriteRight));
        Assert.Equal(Errno.NotCapable, _guest.Change("path_create_directory", ReadOnly, "new"));
        Assert.Equal(Errno.NotCapable, _guest.Change("path_unlink_file", ReadOnly, "given"));
        Assert.Equal(Errno.NotCapable, _guest.Rename(ReadOnly, "given", Data, "mine"));
        Assert.Equal(Errno.NotCapable, _guest.Link("given", ReadOnly, "link"));
        Assert.Equal(Errno.NotCapable, _guest.SetTimes(ReadOnly, "given"));
        Assert.Equal(Errno.Success, _guest.Open(ReadOnly, "given"));
        var given = _guest.Result;
        Assert.Equal(Errno.NotCapable, _guest.Write(given, 1));
        Assert.Equal(Errno.NotCapable, _guest.SetTimes(given));
        Assert.Equal(Errno.NotCapable, _guest.Call("fd_fdstat_set_rights", Value.From(given), Value.From(WriteRight), Value.From(0L)));
        Assert.Equal(Errno.Success, _guest.ReadFile(given));
        Assert.Equal("given", _guest.Read);
        Assert.Equal(Errno.BadF, _guest.Open(99, "x"));
        Assert.Equal(Errno.NotDir, _guest.Open(given, "x"));
        Assert.Equal(Errno.NotSup, _guest.Call("path_link", [.. new int[] { Data, 0, 0, 1, Data, 1, 1 }.Select(Value.From)]));
        Assert.Equal(Errno.NotSock, _guest.Call("sock_recv", [.. new int[] { given, 0, 0, 0, 0, 0 }.Select(Value.From)]));
        Assert.Equal(Errno.BadF, _guest.Call("fd_close", Value.From(1000)));
    }

    [Fact]
    public void Limits_of_the_host_interface_are_hit_and_say_so()
    {
        Assert.Equal(Errno.NameTooLong, _guest.Open(Data, new string('x', 4097)));
        Assert.Equal(Errno.Inval, _guest.Call("poll_oneoff", Value.From(0), Value.From(0), Value.From(4097), Value.From(16)));
        Assert.Equal(Errno.Inval, _guest.Call("fd_write", Value.From(1), Value.From(0), Value.From(1025), Value.From(16)));
        var opened = 0;
        Errno last;
        while ((last = _guest.Open(Data, ".", Folder)) == Errno.Success)
        {
            opened++;
        }

        // Three streams and two preopened folders are there from the start.
        Assert.Equal((Errno.MFile, 64 - 5), (last, opened));
        Assert.Equal(Errno.Success, _guest.Call("fd_close", Value.From(_guest.Result < 0 ? 20 : _guest.Result)));
    }

    [Fact]
    public void One_call_writes_a_piece_and_says_how_much()
    {
        Assert.Equal(Errno.Success, _guest.Open(Data, "large", Create, WriteRight));
        Assert.Equal(Errno.Success, _guest.Write(_guest.Result, 3 << 20));
        Assert.Equal(1 << 20, _guest.Result);
    }

    [Fact]
    public void A_hostile_program_that_tries_everything_sees_and_changes_nothing_outside()
    {
        var random = new Prng(Property.Seed());
        var open = new List<int> { Data };
        for (var step = 0; step < 3000; step++)
        {
            var fd = open[(int)random.Below((ulong)open.Count)];
            switch (random.Below(10))
            {
                case 0:
                    _guest.Change("path_create_directory", fd, Name(ref random));
                    break;
                case 1 or 2 when open.Count < 50:
                    if (_guest.Open(fd, Name(ref random), (int)random.Below(4), random.Below(2) == 0 ? WriteRight : 1 << 1) == Errno.Success)
                    {
                        open.Add(_guest.Result);
                    }

                    break;
                case 3 or 4:
                    _guest.Link(Name(ref random), fd, Name(ref random));
                    break;
                case 5 or 6:
                    _guest.Rename(fd, Name(ref random), open[(int)random.Below((ulong)open.Count)], Name(ref random));
                    break;
                case 7:
                    _guest.Change(random.Below(2) == 0 ? "path_unlink_file" : "path_remove_directory", fd, Name(ref random));
                    break;
                case 8:
                    _ = random.Below(2) == 0 ? _guest.SetTimes(fd) : _guest.SetTimes(fd, Name(ref random));
                    _guest.Write(fd, 1);
                    break;
                default:
                    AssertSeesNothing(fd);
                    break;
            }

            AssertOutsideIsUntouched();
        }
    }

    private static string Name(ref Prng random)
    {
        string[] parts = ["a", "b", "c", "..", ".", "secret", "other", "data"];
        var name = random.Below(12) == 0 ? "/" : "";
        for (var i = random.Below(3) + 1; i > 0; i--)
        {
            name += parts[random.Below((ulong)parts.Length)] + (i > 1 ? "/" : "");
        }

        return name;
    }

    private void AssertSeesNothing(int fd)
    {
        if (_guest.List(fd) == Errno.Success)
        {
            Assert.DoesNotContain("ro", Names(_guest.Read));
        }

        if (_guest.Call("fd_seek", Value.From(fd), Value.From(0L), Value.From(0), Value.From(24)) == Errno.Success && _guest.ReadFile(fd) == Errno.Success)
        {
            Assert.DoesNotContain("do not read", _guest.Read, StringComparison.Ordinal);
        }
    }

    /// <summary>The names of a listing: 24 bytes, the 17th to 20th of which are a length, then a name.</summary>
    private static List<string> Names(string listing)
    {
        var names = new List<string>();
        for (var at = 0; at + 24 <= listing.Length;)
        {
            var length = listing[at + 16];
            names.Add(listing.Substring(at + 24, Math.Min(length, listing.Length - at - 24)));
            at += 24 + length;
        }

        return names;
    }

    private void AssertOutsideIsUntouched()
    {
        var secret = new FileInfo(Path.Combine(_top.FullName, "secret"));
        Assert.Equal("do not read", File.ReadAllText(secret.FullName));
        Assert.Equal(DateTime.UnixEpoch.AddYears(40), secret.LastWriteTimeUtc);
        Assert.Equal(["data", "other", "ro", "secret"], _top.GetFileSystemInfos().Select(static info => info.Name).Order(StringComparer.Ordinal));
        Assert.Empty(new DirectoryInfo(Path.Combine(_top.FullName, "other")).GetFileSystemInfos());
    }
}

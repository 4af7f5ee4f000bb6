using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Wetware.Cli.Tests.Programs;

namespace Wetware.Cli.Tests.BadInput;

/// <summary>Nodes that cannot start where they are told to.</summary>
public sealed class StartTests : IDisposable
{
    private const string AnyPort = "/ip4/127.0.0.1/tcp/0";
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_port_in_use()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"/ip4/127.0.0.1/tcp/{((IPEndPoint)other.LocalEndpoint).Port}";
        (await StartAsync(_folder.File("a"), "--listen", address)).Refused(1, $"cannot listen on {address}", "in use", "--listen");
        Assert.False(Directory.Exists(_folder.File("a")));
    }

    [Fact]
    public async Task A_data_folder_that_another_process_holds()
    {
        using var node = new WwNode("holder", _folder.FullPath);
        await node.StartAsync();
        (await StartAsync(node.Data)).Refused(1, node.Data, "another process holds it", "--data");
        Assert.NotNull(await node.StatusAsync());

        Assert.Equal(0, await node.StopAsync());
        await node.StartAsync();
    }

    [Fact]
    public async Task A_data_folder_of_another_peer()
    {
        using var node = new WwNode("first", _folder.FullPath);
        await node.StartAsync();
        node.Kill();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(Path.Combine(node.Data, "identity.pem"), key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        (await StartAsync(node.Data)).Refused(1, node.Data, "belongs to node", "identity.pem", "--data");
    }

    [Fact]
    public async Task An_identity_that_is_no_key()
    {
        await File.WriteAllTextAsync(_folder.File("identity.pem"), "no key", TestContext.Current.CancellationToken);
        (await StartAsync(_folder.FullPath)).Refused(1, _folder.File("identity.pem"), "not an unencrypted PEM private key");
        Assert.Equal("no key", await File.ReadAllTextAsync(_folder.File("identity.pem"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file", "below")]
    public async Task A_data_folder_that_is_a_file(params string[] path)
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);
        (await StartAsync(_folder.File(path))).Refused(1, _folder.File(path), $"{_folder.File("file")} is a file, not a folder");
    }

    [Fact]
    public async Task A_data_folder_without_permission()
    {
        // Root may do everything, so it has the program run as somebody who may not.
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("no file modes");
            return;
        }

        Assert.SkipUnless(!Environment.IsPrivilegedProcess || File.Exists("/usr/bin/setpriv"), "needs setpriv to drop root");
        var data = Directory.CreateDirectory(_folder.File("data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "lock"), "", TestContext.Current.CancellationToken);
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_folder.FullPath, Readable | UnixFileMode.UserWrite);
        File.SetUnixFileMode(data, Readable);
        File.SetUnixFileMode(Path.Combine(data, "lock"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        (await StartAsync(data, user: Environment.IsPrivilegedProcess ? "65534" : null)).Refused(1, data, "permission denied");
    }

    [Fact]
    public async Task A_full_disk()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        File.CreateSymbolicLink(_folder.File("identity.pem.new"), "/dev/full");
        (await StartAsync(_folder.FullPath)).Refused(1, _folder.FullPath, "no space is left on the disk");
    }

    [Fact]
    public async Task A_peer_that_cannot_be_reached_leaves_nothing_behind()
    {
        (await StartAsync(_folder.File("a", "data"), "--join", "/ip4/127.0.0.1/tcp/1")).Refused(1, "cannot join: cannot connect to /ip4/127.0.0.1/tcp/1", "refused");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public async Task A_peer_that_keeps_silent_is_given_up_when_the_time_is_over()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = $"/ip4/127.0.0.1/tcp/{((IPEndPoint)silent.LocalEndpoint).Port}";
        (await StartAsync(_folder.File("a"), "--join", address, "--join-timeout", "1.5")).Refused(1, $"cannot join: {address} did not answer within 1.5 s");
        Assert.False(Directory.Exists(_folder.File("a")));
    }

    [Fact]
    public async Task A_peer_that_cannot_be_reached_leaves_an_identity_that_was_there()
    {
        using (var node = new WwNode("a", _folder.FullPath))
        {
            await node.StartAsync();
            Assert.Equal(0, await node.StopAsync());
        }

        var identity = await File.ReadAllTextAsync(_folder.File("a", "identity.pem"), TestContext.Current.CancellationToken);
        Directory.Delete(_folder.File("a", "log"), recursive: true);
        (await StartAsync(_folder.File("a"), "--join", "/ip4/127.0.0.1/tcp/1")).Refused(1, "cannot join");
        Assert.Equal(identity, await File.ReadAllTextAsync(_folder.File("a", "identity.pem"), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(_folder.File("a", "log")));
    }

    [Fact]
    public async Task A_node_that_cannot_be_reached() =>
        (await Ww.RunAsync("ls", "--join", "/ip4/127.0.0.1/tcp/1")).Refused(1, "cannot connect to /ip4/127.0.0.1/tcp/1", "refused");

    [Fact]
    public async Task Somebody_who_accepts_and_says_nothing()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = $"/ip4/127.0.0.1/tcp/{((IPEndPoint)silent.LocalEndpoint).Port}";
        (await Ww.RunAsync("status", "--timeout", "0.5", "--join", address)).Refused(1, $"{address} did not answer within 0.5 s");
    }

    /// <summary>Starts a node that is to fail. What it logs of the way there is no complaint, so only warnings are asked for.</summary>
    private static Task<Ended> StartAsync(string data, params string[] more) =>
        Ww.RunAsync(["start", "--log", "Warning", "--data", data, .. more.Contains("--listen") ? more : ["--listen", AnyPort, .. more]]);

    private static Task<Ended> StartAsync(string data, string? user) =>
        user is null ? StartAsync(data) : Ww.RunAsAsync(user, ["start", "--log", "Warning", "--data", data, "--listen", AnyPort]);
}

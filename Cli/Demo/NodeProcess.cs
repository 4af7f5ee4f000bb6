using System.Diagnostics;
using System.Text.Json;

namespace Wetware.Cli.Demo;

/// <summary>One node of the demo: a process of its own that runs <c>ww start</c>, can be killed without warning and be started again.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly string _name;
    private readonly string _folder;
    private readonly string? _join;
    private readonly bool _isInsecure;
    private Process? _process;

    /// <param name="name">For people.</param>
    /// <param name="folder">Holds the node's data and its log output.</param>
    /// <param name="join">The multiaddr of a peer, or null to found the cluster.</param>
    /// <param name="isInsecure">Whether it speaks plain text.</param>
    public NodeProcess(string name, string folder, string? join, bool isInsecure)
    {
        _name = name;
        _folder = folder;
        _join = join;
        _isInsecure = isInsecure;
        Directory.CreateDirectory(folder);
    }

    public string Name => _name;

    /// <summary>Where the node was reached when it last announced itself.</summary>
    public string Address { get; private set; } = "/ip4/127.0.0.1/tcp/0";

    public string Peer { get; private set; } = "";

    /// <summary>What the node logged, for whoever must find out why it failed.</summary>
    public string LogFile => Path.Combine(_folder, "node.log");

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts the process and waits until it has announced itself.</summary>
    /// <exception cref="DemoException">It ended instead.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var start = Self.StartInfo(["start", "--json", "--log", "Information", "--listen", ListenAddress(), "--data", Path.Combine(_folder, "data"), "--meta", "demo=" + _name]);
        if (_join is not null)
        {
            start.ArgumentList.Add("--join");
            start.ArgumentList.Add(_join);
        }

        if (_isInsecure)
        {
            start.ArgumentList.Add("--insecure");
        }

        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new DemoException($"{_name}: could not start {start.FileName}");
        _process?.Dispose();
        _process = process;
        _ = CopyLogAsync(process);
        var line = await process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false)
            ?? throw new DemoException($"{_name} ended before it was ready; see {LogFile}");
        using var announced = JsonDocument.Parse(line);
        Peer = announced.RootElement.GetProperty("peer").GetString()!;
        Address = announced.RootElement.GetProperty("addresses")[0].GetString()!;
    }

    /// <summary>Ends the process as a power cut would: no signal handler runs, nothing is flushed.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
    }

    private string ListenAddress()
    {
        var peer = Address.IndexOf("/p2p/", StringComparison.Ordinal);
        return peer < 0 ? Address : Address[..peer];
    }

    private async Task CopyLogAsync(Process process)
    {
        var log = new StreamWriter(LogFile, append: true);
        await using (log.ConfigureAwait(false))
        {
            while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                await log.WriteLineAsync(line).ConfigureAwait(false);
                await log.FlushAsync().ConfigureAwait(false);
            }
        }
    }
}

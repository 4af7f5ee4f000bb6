using System.Diagnostics;
using System.Text.Json;
using Wetware.Client;
using Wetware.Core;
using Wetware.Fuzz.Processes;
using Wetware.Host.Consensus;
using Wetware.Protocol;

namespace Wetware.Cli.Tests.Programs;

/// <summary>A node in a process of its own: <c>ww start</c> with its own data folder, which can be killed and started again.</summary>
internal sealed class WwNode(string name, string folder, string? join = null, bool isInsecure = false) : IDisposable
{
    private readonly string _listen = $"/ip4/127.0.0.1/tcp/{Ports.Take()}";
    private Process? _process;

    public string Name { get; } = name;

    public string Data { get; } = Path.Combine(folder, name);

    /// <summary>Where it is reached, and who answers there.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Who it is.</summary>
    public string Peer => Address[(Address.LastIndexOf('/') + 1)..];

    public int Port => int.Parse(_listen.AsSpan(_listen.LastIndexOf('/') + 1), System.Globalization.CultureInfo.InvariantCulture);

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What a command must say beside the address to speak with it.</summary>
    public string[] Security { get; } = isInsecure ? ["--insecure"] : [];

    /// <summary>What it logs.</summary>
    public Lines Log { get; private set; } = new("");

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public async Task StartAsync()
    {
        string[] arguments = ["start", "--json", "--log", "Debug", "--listen", _listen, "--data", Data, .. Security];
        var process = Ww.Start(Ww.StartInfo(join is null ? arguments : [.. arguments, "--join", join]));
        _process?.Dispose();
        _process = process;
        Log = new Lines($"the log of {Name}");
        _ = Log.ReadAsync(process.StandardError);
        var line = await Patience.For(process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask(), $"{Name} to be ready", Log.ToString);
        Assert.True(line is not null, $"{Name} ended before it was ready\n{Log}");
        using var announced = JsonDocument.Parse(line);
        Address = announced.RootElement.GetProperty("addresses")[0].GetString()!;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            Assert.True(process.WaitForExit(Patience.Limit), $"{Name} outlives SIGKILL\n{Log}");
        }
    }

    /// <summary>SIGSTOP: it is there, and does nothing any more.</summary>
    public void Pause()
    {
        using var pause = Process.Start("kill", ["-STOP", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        pause.WaitForExit();
    }

    /// <summary>SIGTERM, as service managers do it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await Patience.For(Ended(), $"{Name} to end", Log.ToString);
        return _process.ExitCode;

        async Task<bool> Ended()
        {
            await _process!.WaitForExitAsync(TestContext.Current.CancellationToken);
            return true;
        }
    }

    /// <summary>What it knows of consensus; null while it does not answer.</summary>
    public async Task<GroupStatus?> StatusAsync()
    {
        try
        {
            await using var client = await WetwareClient.ConnectAsync([Address], WetwareClientOptions.Default with { Insecure = isInsecure, Timeout = Patience.Limit }, TestContext.Current.CancellationToken);
            return (await client.Session.StatusAsync(TestContext.Current.CancellationToken))[0];
        }
        catch (WetwareException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        Kill();
        _process?.Dispose();
    }
}

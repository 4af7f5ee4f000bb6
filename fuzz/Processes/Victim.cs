using System.Diagnostics;
using System.Globalization;

namespace Wetware.Fuzz.Processes;

/// <summary>A node's process, and what is done to it.</summary>
internal sealed class Victim(string folder, int port, int? join) : IDisposable
{
    private Process? _process;

    public string Address { get; } = NodeProcess.AddressOf(port);

    public bool IsUp => _process is not null;

    public void Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true };
        if (!Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("fuzz", StringComparison.Ordinal))
        {
            // Run by the dotnet command.
            start.ArgumentList.Add(typeof(Victim).Assembly.Location);
        }

        string[] arguments = ["processes", "node", folder, port.ToString(CultureInfo.InvariantCulture), .. join is { } at ? [at.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>()];
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = Process.Start(start) ?? throw new ProcessFailure("a node does not start");
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        if (_process is { } process)
        {
            if (process.HasExited)
            {
                throw new ProcessFailure($"the node at {Address} ended by itself with exit code {process.ExitCode}");
            }

            process.Kill();
            process.WaitForExit();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>SIGSTOP: connections stay, nothing moves.</summary>
    public void Stop() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Continue() => Signal("CONT");

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
    }

    private void Signal(string name)
    {
        if (_process is { } process)
        {
            using var kill = Process.Start("kill", ["-s", name, process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }
    }
}

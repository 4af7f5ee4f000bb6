using System.Diagnostics;
using System.Globalization;
using Wetware.Samples.Scheduler;

namespace Wetware.Scheduler.Tests;

/// <summary>The sample as a process of its own, which is killed at the end without a word of warning.</summary>
internal sealed class SchedulerProcess : IDisposable
{
    private readonly Process _process;

    public SchedulerProcess(string folder, int workers) => _process = Process.Start(
        new ProcessStartInfo(
            Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
            [
                typeof(SchedulerNode).Assembly.Location,
                "--data", Path.Combine(folder, "a"),
                "--urls", "http://127.0.0.1:0",
                "--workers", workers.ToString(CultureInfo.InvariantCulture),
            ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;

    /// <summary>Where it serves REST, once it does.</summary>
    public async Task<Uri> UrlAsync(CancellationToken cancellation)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("tasks ", StringComparison.Ordinal))
            {
                return new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
            }
        }

        throw new InvalidOperationException("the scheduler ended before it served");
    }

    /// <summary>SIGTERM, as service managers send it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellation)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

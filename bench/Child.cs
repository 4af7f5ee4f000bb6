using System.Diagnostics;

namespace Wetware.Bench;

/// <summary>This program again, as a process of its own. It is to end when its standard input does, so that none outlives whoever started it.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="isOneOfMany">
    /// Whether dozens of these share a few processors: then its idle threads do not spin for work, and it does not compile its code twice.
    /// </param>
    public Child(IEnumerable<string> arguments, bool isOneOfMany = false)
    {
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("the path of this process is unknown");
        var start = new ProcessStartInfo(host) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (isOneOfMany)
        {
            start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
            start.Environment["DOTNET_TieredPGO"] = "0";
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{host} did not start");
    }

    public StreamReader Output => _process.StandardOutput;

    /// <summary>What it has used of the processors, and of memory.</summary>
    public (TimeSpan Processor, long ResidentBytes) Usage
    {
        get
        {
            _process.Refresh();
            return (_process.TotalProcessorTime, _process.WorkingSet64);
        }
    }

    /// <summary>Reads the next line that it prints.</summary>
    public async Task<string> LineAsync(CancellationToken cancellation) =>
        await Output.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("a process that this one started has ended");

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Lets it end by itself, by closing its input.</summary>
    public void End() => _process.StandardInput.Close();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}

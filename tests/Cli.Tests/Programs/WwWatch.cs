using System.Diagnostics;
using System.Globalization;

namespace Wetware.Cli.Tests.Programs;

/// <summary>A command of ww that runs until it is interrupted, and what it prints meanwhile.</summary>
internal sealed class WwWatch : IDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    public WwWatch(params string[] arguments)
    {
        var command = "ww " + string.Join(' ', arguments);
        _process = Ww.Start(Ww.StartInfo(arguments));
        Output = new Lines($"the output of {command}");
        Error = new Lines($"the complaints of {command}");
        _reading = Task.WhenAll(Output.ReadAsync(_process.StandardOutput), Error.ReadAsync(_process.StandardError));
    }

    public Lines Output { get; }

    public Lines Error { get; }

    /// <summary>Waits for a line that begins and goes on in a certain way.</summary>
    public Task<string> SaysAsync(string start, string more) => Output.FirstAsync(
        line => line.StartsWith(start, StringComparison.Ordinal) && line.Contains(more, StringComparison.Ordinal), $"'{start}' and '{more}'");

    /// <summary>Ctrl-C.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await EndAsync();
    }

    /// <summary>Waits for it to end by itself.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> EndAsync()
    {
        return Patience.For(Ended(), "the end of a watch", () => $"{Output}\n{Error}");

        async Task<int> Ended()
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await _reading;
            return _process.ExitCode;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}

using System.Collections;
using System.Diagnostics;

namespace Wetware.Cli.Tests.Programs;

/// <summary>Runs ww as users do: as a process of its own.</summary>
internal static class Ww
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "ww.dll");

    /// <summary>Runs a command to its end.</summary>
    public static Task<Ended> RunAsync(params string[] arguments) => RunAsync(StartInfo(arguments), arguments);

    /// <summary>Runs a command as another user; for root.</summary>
    public static Task<Ended> RunAsAsync(string user, params string[] arguments)
    {
        var start = StartInfo(arguments);
        string[] prefix = ["--reuid=" + user, "--clear-groups", start.FileName];
        for (var i = 0; i < prefix.Length; i++)
        {
            start.ArgumentList.Insert(i, prefix[i]);
        }

        start.FileName = "setpriv";
        return RunAsync(start, arguments);
    }

    private static async Task<Ended> RunAsync(ProcessStartInfo start, string[] arguments)
    {
        var command = "ww " + string.Join(' ', arguments);
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await Patience.For(Task.WhenAll(output, error), $"the end of {command}");
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (TimeoutException late)
        {
            process.Kill();
            throw new TimeoutException($"{command} hangs\n-- output\n{await output}\n-- error\n{await error}", late);
        }

        return new Ended(command, process.ExitCode, await output, await error);
    }

    /// <summary>How to start it, with none of its variables inherited from whoever runs the tests.</summary>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && name.StartsWith("WW_", StringComparison.Ordinal))
            {
                start.Environment.Remove(name);
            }
        }

        start.ArgumentList.Add(s_program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    public static Process Start(ProcessStartInfo start) => Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
}

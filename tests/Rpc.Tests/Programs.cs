using System.Diagnostics;

namespace Wetware.Rpc.Tests;

/// <summary>Other programs, as tests run them.</summary>
internal static class Programs
{
    /// <summary>Runs a program to its end; fails the test if it does not succeed.</summary>
    public static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed:\n{await errors}");
        return output;
    }

    /// <summary>Starts a program; the caller ends it.</summary>
    public static Process Start(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return Process.Start(info)!;
    }
}

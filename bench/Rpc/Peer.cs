using System.Diagnostics;

namespace Wetware.Bench.Rpc;

/// <summary>One of the two implementations, as a program that takes <c>server ADDR</c> and <c>client ADDR LOAD</c>, pinned to one core.</summary>
/// <param name="Command">The program and its first arguments.</param>
internal sealed record Peer(string[] Command)
{
    private static readonly bool s_canPin = File.Exists("/usr/bin/taskset");

    /// <summary>This program.</summary>
    public static Peer Ours => new([Environment.ProcessPath!, Environment.GetCommandLineArgs()[0], "rpc"]);

    /// <summary>The C++ one, built if need be; null, and a line that says why, where that cannot be.</summary>
    public static async Task<Peer?> BuildCppAsync()
    {
        if (FindBuild() is not { } build)
        {
            Console.WriteLine("C++: skipped, its source is not here");
            return null;
        }

        var folder = Path.Combine(Path.GetTempPath(), $"ww-cpp-peer-{File.GetLastWriteTimeUtc(Path.Combine(Path.GetDirectoryName(build)!, "peer.c++")).Ticks:x}");
        using var process = Process.Start(new ProcessStartInfo("bash", [build, folder]) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            Console.WriteLine("C++: skipped, " + errors.Trim());
            return null;
        }

        return new Peer([Path.Combine(folder, "peer")]);
    }

    /// <summary>Runs a load of a fresh client against a fresh server.</summary>
    /// <returns>The line that the client prints.</returns>
    public async Task<string> RunAsync(string address, string[] load)
    {
        using var server = Start(["server", address]);
        try
        {
            var ready = await server.StandardOutput.ReadLineAsync();
            if (ready is null || !ready.StartsWith("ready", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"the server {string.Join(' ', Command)} does not start");
            }

            using var client = Start(["client", address, .. load]);
            var line = await client.StandardOutput.ReadToEndAsync();
            await client.WaitForExitAsync();
            return client.ExitCode == 0 ? line.Trim() : throw new InvalidOperationException($"{string.Join(' ', Command)} {string.Join(' ', load)} failed");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private Process Start(string[] arguments)
    {
        string[] all = s_canPin ? ["taskset", "-c", "0", .. Command, .. arguments] : [.. Command, .. arguments];
        return Process.Start(new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, UseShellExecute = false })!;
    }

    private static string? FindBuild()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "bench", "Rpc", "Cpp", "build");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}

using System.ComponentModel;
using System.Diagnostics;
using Wetware.Generator.Request;

namespace Wetware.Generator;

/// <summary>Runs <c>capnp compile</c> for its request.</summary>
internal static class CapnpProcess
{
    /// <summary>The name of the compiler, for messages and the PATH.</summary>
    public const string Name = "capnp";

    /// <summary>Compiles schemas and returns the request; the compiler's own messages go to standard error.</summary>
    /// <exception cref="RequestException">It is not installed, or found a fault.</exception>
    public static byte[] Compile(IReadOnlyList<string> arguments, IReadOnlyList<string> schemas)
    {
        var start = new ProcessStartInfo(Name) { RedirectStandardOutput = true, UseShellExecute = false };
        // capnp complains of a PWD that is not where it runs.
        start.Environment["PWD"] = Environment.CurrentDirectory;
        start.ArgumentList.Add("compile");
        start.ArgumentList.Add("-o-");
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var schema in schemas)
        {
            start.ArgumentList.Add(schema);
        }

        try
        {
            using var process = Process.Start(start) ?? throw new RequestException("capnp did not start");
            using var request = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(request);
            process.WaitForExit();
            return process.ExitCode == 0
                ? request.ToArray()
                : throw new RequestException(
                    $"capnp failed on {string.Join(' ', schemas)} (exit code {process.ExitCode}); see its message above");
        }
        catch (Win32Exception)
        {
            throw new RequestException(
                "the Cap'n Proto compiler 'capnp' is not on the PATH. Install it (Debian and Ubuntu: apt-get install capnproto; " +
                "macOS: brew install capnp; " +
                "elsewhere: https://capnproto.org/install.html), or keep the generated code under version control and build without it");
        }
    }
}

using System.Diagnostics;

namespace Wetware.Capnp.Tests;

/// <summary>
/// The schema compiler and converter of the C++ implementation, where it is installed; a test that needs it is skipped, visibly, where it
/// is not.
/// </summary>
internal static class CapnpTool
{
    public static byte[] Run(byte[] input, params string[] arguments)
    {
        var start = new ProcessStartInfo("capnp") { UseShellExecute = false, RedirectStandardInput = true,
            RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("the capnp tool is not installed");
            throw;
        }

        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"capnp {string.Join(' ', arguments)}: {errors.GetAwaiter().GetResult()}");
            return output.ToArray();
        }
    }
}

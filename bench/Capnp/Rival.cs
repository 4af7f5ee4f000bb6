using System.Diagnostics;

namespace Wetware.Bench.Capnp;

/// <summary>Builds a rival in C++ against libcapnp-dev and runs it; says so where it cannot.</summary>
internal static class Rival
{
    /// <summary>Runs a program of the Rival folder, which lies beside this one in the sources.</summary>
    public static void Run(string program)
    {
        var source = Find(program + ".cpp");
        if (source is null || !File.Exists("/usr/include/capnp/message.h"))
        {
            Console.WriteLine("C++: skipped, its source or libcapnp-dev is not here");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("rival");
        try
        {
            var schema = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..", "schemas"));
            if (Start("capnp", $"compile -oc++:{folder.FullName} --src-prefix={schema} {schema}/{program}.capnp") == 0
                && Start("g++", $"-O2 -std=c++17 -I{folder.FullName} {source} {folder.FullName}/{program}.capnp.c++ -lcapnp -lkj -o {folder.FullName}/rival") == 0)
            {
                _ = Start(Path.Combine(folder.FullName, "rival"), "");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Start(string file, string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(file, arguments) { UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine($"C++: skipped, {file} is not here");
            return -1;
        }
    }

    private static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "bench", "Capnp", "Rival", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}

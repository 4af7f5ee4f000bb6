using System.Security.Cryptography;
using System.Text;
using Wetware.Testing;

namespace Wetware.Rpc.Tests;

/// <summary>The C++ implementation as the other side: built here from bench/Rpc/Cpp against libcapnp-dev; a test is skipped, visibly, where that is absent.</summary>
internal static class CppPeer
{
    private static readonly SemaphoreSlim s_building = new(1);

    /// <summary>The built program, or a skip of the running test.</summary>
    public static async Task<string> BuildAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the C++ peer is built on Linux only");
        Assert.SkipUnless(File.Exists("/usr/include/capnp/rpc-twoparty.h"), "libcapnp-dev is not installed");
        Assert.SkipUnless(OnPath("capnp") && OnPath("g++"), "capnp or g++ is not installed");
        var source = Path.Combine(Conformance.Root, "bench", "Rpc", "Cpp", "peer.c++");
        string[] schemas = [Path.Combine(Conformance.Root, "schemas", "bench.capnp"), Path.Combine(Conformance.Root, "schemas", "rpc-test.capnp")];
        var folder = Path.Combine(Path.GetTempPath(), "ww-cpp-peer-" + Hash([source, .. schemas]));
        var program = Path.Combine(folder, "peer");
        await s_building.WaitAsync();
        try
        {
            if (!File.Exists(program))
            {
                Directory.CreateDirectory(folder);
                await Programs.RunAsync("capnp", ["compile", "-oc++:" + folder, "--src-prefix=" + Path.GetDirectoryName(schemas[0]), .. schemas]);
                var built = program + "." + Environment.ProcessId;
                await Programs.RunAsync("g++",
                [
                    "-std=c++17", "-O2", "-w", "-I", folder, "-x", "c++", source, Path.Combine(folder, "bench.capnp.c++"), Path.Combine(folder, "rpc-test.capnp.c++"),
                    "-o", built, "-lcapnp-rpc", "-lcapnp", "-lkj-async", "-lkj",
                ]);
                File.Move(built, program, overwrite: true);
            }

            return program;
        }
        finally
        {
            s_building.Release();
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Hash(string[] files)
    {
        var all = new StringBuilder();
        foreach (var file in files)
        {
            all.Append(File.ReadAllText(file));
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())))[..16];
    }
}

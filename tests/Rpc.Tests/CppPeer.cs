using System.Security.Cryptography;
using System.Text;
using Wetware.Testing;

namespace Wetware.Rpc.Tests;

/// <summary>
/// The C++ implementation as the other side: built here from bench/Rpc/Cpp against libcapnp-dev; a test is skipped, visibly, where that is
/// absent.
/// </summary>
internal static class CppPeer
{
    private const int CannotBuild = 3;
    private static readonly SemaphoreSlim s_building = new(1);

    /// <summary>The built program, or a skip of the running test.</summary>
    public static async Task<string> BuildAsync()
    {
        var sources = Path.Combine(Conformance.Root, "bench", "Rpc", "Cpp");
        var schemas = Path.Combine(Conformance.Root, "schemas");
        var folder = Path.Combine(Path.GetTempPath(), "ww-cpp-peer-" + Hash(
            [Path.Combine(sources, "peer.c++"), Path.Combine(sources, "build"), Path.Combine(schemas, "bench.capnp"),
                Path.Combine(schemas, "rpc-test.capnp")]));
        await s_building.WaitAsync();
        try
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "the C++ peer is built on Linux only");
            using var build = Programs.Start("bash", [Path.Combine(sources, "build"), folder]);
            var errors = build.StandardError.ReadToEndAsync();
            await build.WaitForExitAsync();
            Assert.SkipWhen(build.ExitCode == CannotBuild, (await errors).Trim());
            Assert.True(build.ExitCode == 0, await errors);
            return Path.Combine(folder, "peer");
        }
        finally
        {
            s_building.Release();
        }
    }

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

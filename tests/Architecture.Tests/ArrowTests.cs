namespace Wetware.Architecture.Tests;

/// <summary>Who may see whom: Cli, samples -> Host -> {Client, Raft, Membership, Queue, Wasm, Crawler} -> Protocol -> Rpc -> Capnp -> Core -> the base library.</summary>
public class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Wetware.Core"] = [],
        ["Wetware.Capnp"] = ["Wetware.Core"],
        ["Wetware.Rpc"] = ["Wetware.Core", "Wetware.Capnp"],
        ["Wetware.Protocol"] = ["Wetware.Core", "Wetware.Capnp", "Wetware.Rpc"],
        ["Wetware.Client"] = ["Wetware.Core", "Wetware.Capnp", "Wetware.Rpc", "Wetware.Protocol"],
        ["Wetware.Membership"] = ["Wetware.Core", "Wetware.Capnp", "Wetware.Protocol"],
        ["Wetware.Raft"] = ["Wetware.Core"],
        ["Wetware.Queue"] = ["Wetware.Core", "Wetware.Capnp", "Wetware.Protocol"],
        ["Wetware.Wasm"] = ["Wetware.Core"],
        ["Wetware.Crawler"] = ["Wetware.Core", "Wetware.Capnp", "Wetware.Protocol", "Wetware.Queue"],
        ["Wetware.Host"] =
        [
            "Wetware.Core", "Wetware.Capnp", "Wetware.Rpc", "Wetware.Protocol", "Wetware.Client",
            "Wetware.Membership", "Wetware.Raft", "Wetware.Queue", "Wetware.Wasm", "Wetware.Crawler",
        ],
    };

    public static TheoryData<string> Assemblies() => new(Allowed.Keys);

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_sees_only_what_lies_below_it(string assembly)
    {
        using var scanner = new IlScanner(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        var ours = scanner.ReferencedAssemblies().Where(name => name.StartsWith("Wetware.", StringComparison.Ordinal));
        Assert.Empty(ours.Except(Allowed[assembly]));
    }
}

using Wetware.Testing;

namespace Wetware.Generator.Tests;

public sealed class RegenerationTests
{
    [Fact]
    public void CheckedInCodeIsWhatTheSchemasSay()
    {
        Capnp.Require();
        var manifest = Manifest.Load(Path.Combine(Conformance.Root, "schemas", "manifest"), Conformance.Root);
        Assert.NotEmpty(manifest.Entries);
        foreach (var entry in manifest.Entries)
        {
            var file = manifest.Generate(entry);
            var path = Path.Combine(Conformance.Root, file.Path);
            Assert.True(File.Exists(path), $"{file.Path} is missing; run schemas/generate");
            Assert.True(File.ReadAllText(path) == file.Text,
                $"{file.Path} differs from what {entry.Schema} gives; run schemas/generate {Path.GetFileName(entry.Schema)}");
        }
    }

    [Fact]
    public void EverySchemaOfTheRepositoryIsListed()
    {
        var manifest = File.ReadAllText(Path.Combine(Conformance.Root, "schemas", "manifest"));
        foreach (var schema in Directory.EnumerateFiles(Path.Combine(Conformance.Root, "schemas"), "*.capnp"))
        {
            Assert.Contains($"schemas/{Path.GetFileName(schema)} ", manifest, StringComparison.Ordinal);
        }
    }
}

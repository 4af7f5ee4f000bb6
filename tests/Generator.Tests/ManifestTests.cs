namespace Wetware.Generator.Tests;

public sealed class ManifestTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory();

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("a.capnp out", "wants schema")]
    [InlineData("a.capnp out N private", "wants schema")]
    [InlineData("missing.capnp out N", "there is no")]
    [InlineData("a.capnp out N\na.capnp out N", "listed twice")]
    public void AFaultIsNamedWithItsLine(string text, string expected)
    {
        File.WriteAllText(Path.Combine(_root.FullName, "a.capnp"), "@0x8000000000000001;");

        var fault = Assert.Throws<UsageException>(() => Load("# comment\n\n" + text)).Message;

        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.Matches(":[34]:", fault);
    }

    [Fact]
    public void SchemasOfDifferentNamespacesImportOneAnother()
    {
        Capnp.Require();
        File.WriteAllText(Path.Combine(_root.FullName, "a.capnp"), "@0x8000000000000001;\nstruct A { x @0 :UInt8; }");
        File.WriteAllText(Path.Combine(_root.FullName, "b.capnp"),
            "@0x8000000000000002;\nusing A = import \"a.capnp\".A;\nstruct B { a @0 :A; }");
        var manifest = Load("a.capnp one First.Names\nb.capnp two Second.Names internal");

        var file = manifest.Generate(manifest.Entries[1]);

        Assert.Equal("two/b.g.cs", file.Path);
        Assert.Contains("namespace Second.Names;", file.Text, StringComparison.Ordinal);
        Assert.Contains("internal static class B", file.Text, StringComparison.Ordinal);
        Assert.Contains("global::First.Names.A.Reader A ", file.Text, StringComparison.Ordinal);
    }

    private Manifest Load(string text)
    {
        var path = Path.Combine(_root.FullName, "manifest");
        File.WriteAllText(path, text);
        return Manifest.Load(path, _root.FullName);
    }
}

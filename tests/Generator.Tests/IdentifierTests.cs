using Wetware.Generator.Naming;

namespace Wetware.Generator.Tests;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("fooBar", "FooBar")]
    [InlineData("x", "X")]
    [InlineData("rpc-twoparty", "RpcTwoparty")]
    [InlineData("c++", "C")]
    [InlineData("3d", "_3d")]
    [InlineData("ping$Params", "PingParams")]
    public void MembersAndTypesArePascalCase(string schema, string expected) => Assert.Equal(expected, Identifiers.Pascal(schema));

    [Theory]
    [InlineData("Class", "@class")]
    [InlineData("URL", "uRL")]
    [InlineData("await", "@await")]
    public void ParametersAreCamelCaseAndNeverKeywords(string schema, string expected) => Assert.Equal(expected, Identifiers.Camel(schema));

    [Theory]
    [InlineData("schemas/queue.capnp", "Queue")]
    [InlineData("/usr/include/capnp/rpc-twoparty.capnp", "RpcTwoparty")]
    public void AFileThatNamesNoNamespaceIsItsOwn(string path, string expected) => Assert.Equal(expected, Identifiers.NamespaceOf(path));

    [Fact]
    public void WhoAsksFirstGetsThePlainName()
    {
        var names = new NameSet(["Reader"]);

        Assert.Equal("Foo", names.Take("Foo"));
        Assert.Equal("Foo_", names.Take("Foo"));
        Assert.Equal("Foo__", names.Take("Foo"));
        Assert.Equal("Reader_", names.Take("Reader"));
    }
}

namespace Wetware.Generator.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void CapnpStartsPluginsWithoutArguments()
    {
        var options = CommandLine.Parse([]);

        Assert.Equal((".", "public", false), (options.Output, options.Access, options.RunCapnp));
    }

    [Fact]
    public void EveryOptionIsTaken()
    {
        var options = CommandLine.Parse(
            ["compile", "--output", "o", "--namespace", "A.B", "--namespace-of", "x/y.capnp=C", "--access",
                "internal", "-I", "inc", "--src-prefix", "s", "y.capnp"]);

        Assert.Equal(("o", "A.B", "internal", true), (options.Output, options.Namespace, options.Access, options.RunCapnp));
        Assert.Equal("C", options.NamespacesByFile["x/y.capnp"]);
        Assert.Equal(["-Iinc", "--src-prefix=s"], options.CapnpArguments);
        Assert.Equal(["y.capnp"], options.Schemas);
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("x.capnp")]
    [InlineData("--output")]
    [InlineData("--namespace", "A.class")]
    [InlineData("--namespace", "A..B")]
    [InlineData("--namespace-of", "x.capnp")]
    [InlineData("--access", "private")]
    [InlineData("compile")]
    public void NonsenseIsRefusedInWords(params string[] arguments) =>
        Assert.NotEmpty(Assert.Throws<UsageException>(() => CommandLine.Parse(arguments)).Message);
}

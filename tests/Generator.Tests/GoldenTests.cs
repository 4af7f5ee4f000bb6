using System.Reflection;
using System.Text.Json.Nodes;
using Wetware.Core.Capnp;
using Wetware.Testing;

namespace Wetware.Rpc.Generator.Tests;

/// <summary>The request and messages that the C++ implementation tests itself with, read through generated code.</summary>
public sealed class GoldenTests
{
    private static readonly Lazy<Assembly> Generated = new(() =>
        CompiledSchema.Load(File.ReadAllBytes(Conformance.Shared("conformance/capnp/test.cgr")), "Golden"));

    [Fact]
    public void TheRequestGivesTheSameCodeEachTime()
    {
        var request = File.ReadAllBytes(Conformance.Shared("conformance/capnp/test.cgr"));

        Assert.Equal(CompiledSchema.Generate(request, "Golden")[0].Text, CompiledSchema.Generate(request, "Golden")[0].Text);
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("segmented")]
    public void EveryEncodingReadsAsItsJson(string name)
    {
        using var message = new MessageReader();
        message.Open(File.ReadAllBytes(Conformance.Shared("conformance/capnp/" + name)));

        AssertReads("TestAllTypes", message, File.ReadAllText(Conformance.Shared("conformance/capnp/short.json")));
    }

    [Theory]
    [InlineData("packed")]
    [InlineData("segmented-packed")]
    public void EveryPackedEncodingReadsAsItsJson(string name)
    {
        var stream = new PackedStreamReader();
        using var message = new MessageReader();
        var bytes = new System.Buffers.ReadOnlySequence<byte>(File.ReadAllBytes(Conformance.Shared("conformance/capnp/" + name)));
        Assert.True(stream.TryRead(ref bytes, message));

        AssertReads("TestAllTypes", message, File.ReadAllText(Conformance.Shared("conformance/capnp/short.json")));
    }

    [Fact]
    public void AMessageWithoutSegmentTableReadsToo()
    {
        using var message = new MessageReader();
        message.OpenSegment(File.ReadAllBytes(Conformance.Shared("conformance/capnp/flat")));

        AssertReads("TestAllTypes", message, File.ReadAllText(Conformance.Shared("conformance/capnp/short.json")));
    }

    private static void AssertReads(string type, MessageReader message, string json)
    {
        var reader = Generated.Value.GetType($"Golden.{type}+Reader", throwOnError: true)!;
        var root = Activator.CreateInstance(reader, message.Root.GetStruct())!;
        var read = JsonView.Struct(root);

        Assert.True(JsonView.Same(JsonNode.Parse(json)!, read), $"{json}\n{read.ToJsonString()}");
    }
}

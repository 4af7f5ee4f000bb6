using System.Reflection;
using System.Text.Json.Nodes;
using Wetware.Capnp;
using Wetware.Testing;

namespace Wetware.Generator.Tests;

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

    [Fact]
    public void ARequestOfALaterCompilerGivesTheSameCode()
    {
        var request = File.ReadAllBytes(Conformance.Shared("conformance/capnp/test.cgr"));

        Assert.Equal(CompiledSchema.Generate(request, "Golden")[0].Text, CompiledSchema.Generate(Grown(request), "Golden")[0].Text);
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

    // Later compilers add fields: to the request, as 0.7 and 1.0 did, to the files and to the nodes.
    private static byte[] Grown(byte[] request)
    {
        using var reader = new MessageReader();
        reader.Open(request);
        var old = reader.Root.GetStruct();
        using var message = new MessageBuilder();
        var grown = message.Root.InitStruct(OneMoreOfEach(old.StructSize));
        for (var i = 0; i < old.PointerCount; i++)
        {
            if (old.GetPointer(i).Kind != PointerKind.List)
            {
                grown.GetPointer(i).Set(old.GetPointer(i));
                continue;
            }

            var elements = old.GetPointer(i).GetList();
            var copies = grown.GetPointer(i).InitStructList(OneMoreOfEach(elements.GetStruct(0).StructSize), elements.Count);
            for (var j = 0; j < elements.Count; j++)
            {
                CopyInto(elements.GetStruct(j), copies.GetStruct(j));
            }
        }

        grown.GetPointer(old.PointerCount).SetText("of a later version");
        return message.ToArray();
    }

    private static StructSize OneMoreOfEach(StructSize size) => new((ushort)(size.DataWords + 1), (ushort)(size.PointerCount + 1));

    private static void CopyInto(StructReader old, StructBuilder grown)
    {
        var words = old.StructSize.DataWords;
        for (var i = 0; i < words; i++)
        {
            grown.SetUInt64(i, old.GetUInt64(i));
        }

        grown.SetUInt64(words, ulong.MaxValue);
        for (var i = 0; i < old.PointerCount; i++)
        {
            grown.GetPointer(i).Set(old.GetPointer(i));
        }

        grown.GetPointer(old.PointerCount).SetText("of a later version");
    }

    private static void AssertReads(string type, MessageReader message, string json)
    {
        var reader = Generated.Value.GetType($"Golden.{type}+Reader", throwOnError: true)!;
        var root = Activator.CreateInstance(reader, message.Root.GetStruct())!;
        var read = JsonView.Struct(root);

        Assert.True(JsonView.Same(JsonNode.Parse(json)!, read), $"{json}\n{read.ToJsonString()}");
    }
}

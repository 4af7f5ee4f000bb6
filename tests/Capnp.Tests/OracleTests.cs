using System.Buffers;
using System.Text;
using Wetware.Capnp;
using Wetware.Capnp.Dynamic;
using Wetware.Capnp.Json;
using Wetware.Capnp.Text;
using Wetware.Testing;

namespace Wetware.Capnp.Tests;

/// <summary>Random values of a schema with every type, there and back by way of the C++ implementation's <c>capnp convert</c>.</summary>
public class OracleTests
{
    private const int Messages = 6;

    private static readonly string SchemaPath = Path.Combine(Conformance.Root, "tests", "Capnp.Tests", "everything.capnp");

    private static readonly Lazy<SchemaRegistry> Registry = new(() =>
        SchemaRegistry.Load(CapnpTool.Run([], "compile", "-o-", "--src-prefix=" + Path.GetDirectoryName(SchemaPath), SchemaPath)));

    [Fact]
    public void What_we_write_the_tool_reads_as_the_same()
    {
        ForEach((message, root) =>
        {
            var canonical = Canonical.Encode(root.Raw.AsReader());
            var binary = message.ToArray();
            var packed = new ArrayBufferWriter<byte>();
            message.WritePackedTo(packed);
            Assert.Equal(canonical, Convert(binary, "binary:canonical"));
            Assert.Equal(canonical, Convert(packed.WrittenSpan.ToArray(), "packed:canonical"));
            Assert.Equal(canonical, Convert(canonical, "canonical:canonical"));
            Assert.Equal(canonical, Convert(Encoding.UTF8.GetBytes(JsonCodec.Encode(root.AsReader())), "json:canonical"));
            Assert.Equal(canonical, Convert(Encoding.UTF8.GetBytes(TextCodec.Encode(root.AsReader())), "text:canonical"));
        });
    }

    [Fact]
    public void What_the_tool_writes_we_read_as_the_same()
    {
        ForEach((message, root) =>
        {
            var canonical = Canonical.Encode(root.Raw.AsReader());
            var binary = message.ToArray();
            using var reader = new MessageReader();
            reader.Open(Convert(binary, "binary:binary", "--segment-size=1"));
            Assert.True(reader.SegmentCount > 1);
            Assert.Equal(canonical, Canonical.Encode(reader.Root.GetStruct()));
            reader.OpenPacked(Convert(binary, "binary:packed"));
            Assert.Equal(canonical, Canonical.Encode(reader.Root.GetStruct()));

            using var built = new MessageBuilder();
            var copy = DynamicStructBuilder.InitRoot(built, root.Schema);
            JsonCodec.Decode(Convert(binary, "binary:json"), copy);
            Assert.Equal(canonical, Canonical.Encode(copy.Raw.AsReader()));
            built.Reset();
            copy = DynamicStructBuilder.InitRoot(built, root.Schema);
            TextCodec.Decode(Encoding.UTF8.GetString(Convert(binary, "binary:text")), copy);
            Assert.Equal(canonical, Canonical.Encode(copy.Raw.AsReader()));
        });
    }

    [Fact]
    public void Our_own_codecs_agree_with_each_other()
    {
        ForEach(
            (message, root) =>
            {
                var canonical = Canonical.Encode(root.Raw.AsReader());
                using var built = new MessageBuilder(1, 1);
                var copy = DynamicStructBuilder.InitRoot(built, root.Schema);
                JsonCodec.Decode(JsonCodec.Encode(root.AsReader(), indented: true), copy);
                Assert.Equal(canonical, Canonical.Encode(copy.Raw.AsReader()));
                built.Reset();
                copy = DynamicStructBuilder.InitRoot(built, root.Schema);
                TextCodec.Decode(TextCodec.Encode(root.AsReader()), copy);
                Assert.Equal(canonical, Canonical.Encode(copy.Raw.AsReader()));
            },
            messages: 100);
    }

    private static void ForEach(Action<MessageBuilder, DynamicStructBuilder> check, int messages = Messages)
    {
        var schema = Registry.Value.GetStruct("Everything");
        var random = new RandomMessage(Property.Seed());
        for (var i = 0; i < messages; i++)
        {
            using var message = i % 2 == 0 ? new MessageBuilder() : new MessageBuilder(1 + i, 1 + i);
            var root = DynamicStructBuilder.InitRoot(message, schema);
            random.Fill(root, 3);
            check(message, root);
        }
    }

    private static byte[] Convert(byte[] input, string formats, params string[] more) =>
        CapnpTool.Run(input, ["convert", .. more, formats, SchemaPath, "Everything"]);
}

using System.Buffers;
using System.Text.Json;
using Wetware.Capnp;
using Wetware.Capnp.Dynamic;
using Wetware.Capnp.Json;
using Wetware.Capnp.Text;
using Wetware.Testing;

namespace Wetware.Capnp.Tests;

/// <summary>The golden encodings that the C++ implementation publishes: one message in every form.</summary>
public class GoldenTests
{
    private static SchemaRegistry Registry => SchemaRegistry.Load(Golden("test.cgr"));

    [Theory]
    [InlineData("binary")]
    [InlineData("segmented")]
    [InlineData("packed")]
    [InlineData("segmented-packed")]
    [InlineData("flat")]
    [InlineData("packedflat")]
    public void Each_form_reads_as_the_published_json_and_text(string file)
    {
        using var message = Open(file);
        var root = Root(message);
        AssertJson(File.ReadAllText(Conformance.Shared("conformance/capnp/short.json")), JsonCodec.Encode(root));
        AssertJson(File.ReadAllText(Conformance.Shared("conformance/capnp/pretty.json")), JsonCodec.Encode(root, indented: true));
        Assert.Equal(File.ReadAllText(Conformance.Shared("conformance/capnp/short.txt")).TrimEnd(), TextCodec.Encode(root));
    }

    [Theory]
    [InlineData("short.json")]
    [InlineData("pretty.json")]
    [InlineData("short.txt")]
    [InlineData("pretty.txt")]
    public void Json_and_text_build_the_same_message(string file)
    {
        using var golden = Open("binary");
        using var built = new MessageBuilder();
        var target = DynamicStructBuilder.InitRoot(built, Registry.GetStruct("TestAllTypes"));
        if (file.EndsWith("json", StringComparison.Ordinal))
        {
            JsonCodec.Decode(Golden(file), target);
        }
        else
        {
            TextCodec.Decode(File.ReadAllText(Conformance.Shared("conformance/capnp/" + file)), target);
        }

        Assert.Equal(Canonical.Encode(golden.Root.GetStruct()), Canonical.Encode(target.Raw.AsReader()));
    }

    [Fact]
    public void Packing_the_binary_form_gives_the_packed_form_byte_for_byte()
    {
        using var message = Open("binary");
        var output = new ArrayBufferWriter<byte>();
        var binary = Golden("binary");
        Packer.Pack(binary.AsSpan(0, 8), output);
        Packer.Pack(binary.AsSpan(8), output);
        Assert.Equal(Golden("packed"), output.WrittenSpan.ToArray());

        output.Clear();
        var segmented = Golden("segmented");
        using var reader = Open("segmented");
        var table = FrameHeader.TableWords(reader.SegmentCount) * 8;
        Packer.Pack(segmented.AsSpan(0, table), output);
        for (var i = 0; i < reader.SegmentCount; i++)
        {
            Packer.Pack(reader.GetSegmentBytes(i).Span, output);
        }

        Assert.Equal(Golden("segmented-packed"), output.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("segmented")]
    public void A_copy_built_with_any_segments_reads_the_same(string file)
    {
        using var message = Open(file);
        var expected = JsonCodec.Encode(Root(message));
        foreach (var words in (int[])[1, 2, 7, 100, 1024])
        {
            using var copy = new MessageBuilder(words, words);
            copy.Root.Set(message.Root);
            using var reader = new MessageReader();
            reader.Open(copy.ToArray());
            Assert.Equal(expected, JsonCodec.Encode(Root(reader)));
            var output = new ArrayBufferWriter<byte>();
            copy.WritePackedTo(output);
            reader.OpenPacked(output.WrittenMemory);
            Assert.Equal(expected, JsonCodec.Encode(Root(reader)));
            message.ResetBudget();
        }
    }

    [Fact]
    public void Both_forms_have_one_canonical_form_and_it_is_canonical()
    {
        using var one = Open("binary");
        using var other = Open("segmented");
        var canonical = Canonical.Encode(one.Root.GetStruct());
        Assert.Equal(canonical, Canonical.Encode(other.Root.GetStruct()));
        using var reader = new MessageReader();
        reader.OpenSegment(canonical);
        Assert.True(Canonical.IsCanonical(reader));
        Assert.Equal(canonical, Canonical.Encode(reader.Root.GetStruct()));
        Assert.False(Canonical.IsCanonical(other));
    }

    [Fact]
    public void Lists_of_every_kind_read()
    {
        using var message = new MessageReader();
        message.Open(Golden("lists.binary"));
        var json = JsonCodec.Encode(new DynamicStructReader(Registry.GetStruct("TestLists"), message.Root.GetStruct()));
        using var document = JsonDocument.Parse(json);
        Assert.NotEmpty(document.RootElement.EnumerateObject());
        using var copy = new MessageBuilder(1, 1);
        JsonCodec.Decode(json, DynamicStructBuilder.InitRoot(copy, Registry.GetStruct("TestLists")));
        Assert.Equal(Canonical.Encode(message.Root.GetStruct()), Canonical.Encode(copy.AsReader().GetStruct()));
    }

    internal static byte[] Golden(string file) => File.ReadAllBytes(Conformance.Shared("conformance/capnp/" + file));

    private static DynamicStructReader Root(MessageReader message) => new(Registry.GetStruct("TestAllTypes"), message.Root.GetStruct());

    private static MessageReader Open(string file)
    {
        var bytes = Golden(file);
        var message = new MessageReader();
        switch (file)
        {
            case "flat":
                message.OpenSegment(bytes);
                break;
            case "packedflat":
                // Without a table the size is not known ahead; that of the flat form is.
                var words = new byte[Golden("flat").Length];
                var output = words.AsSpan();
                ReadOnlySpan<byte> input = bytes;
                default(Unpacker).Unpack(ref input, ref output);
                message.OpenSegment(words);
                break;
            case "packed" or "segmented-packed":
                Assert.Equal(bytes.Length, message.OpenPacked(bytes));
                break;
            default:
                message.Open(bytes);
                break;
        }

        return message;
    }

    private static void AssertJson(string expected, string actual)
    {
        using var one = JsonDocument.Parse(expected);
        using var other = JsonDocument.Parse(actual);
        AssertSame(one.RootElement, other.RootElement);
    }

    // Numbers count as equal if they are the same double, however many digits were spent on it.
    private static void AssertSame(JsonElement expected, JsonElement actual)
    {
        Assert.Equal(expected.ValueKind, actual.ValueKind);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var (wanted, found) = (expected.EnumerateObject().ToArray(), actual.EnumerateObject().ToArray());
                Assert.Equal(wanted.Select(p => p.Name), found.Select(p => p.Name));
                for (var i = 0; i < wanted.Length; i++)
                {
                    AssertSame(wanted[i].Value, found[i].Value);
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                for (var i = 0; i < expected.GetArrayLength(); i++)
                {
                    AssertSame(expected[i], actual[i]);
                }

                break;
            case JsonValueKind.Number:
                Assert.Equal((float)expected.GetDouble(), (float)actual.GetDouble());
                Assert.Equal(expected.GetDouble(), actual.GetDouble(), Math.Abs(expected.GetDouble()) * 1e-15);
                break;
            default:
                Assert.Equal(expected.ToString(), actual.ToString());
                break;
        }
    }
}

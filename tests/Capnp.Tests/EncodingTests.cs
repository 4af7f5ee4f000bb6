using System.Buffers;
using Wetware.Capnp;

namespace Wetware.Capnp.Tests;

/// <summary>Building, framing and reading one message, whatever the shape of its segments.</summary>
public class EncodingTests
{
    public static TheoryData<int, int> Shapes() => new() { { 1024, 1 << 20 }, { 1, 1 }, { 3, 2 }, { 16, 5 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_was_built_reads_back(int firstWords, int nextWords)
    {
        using var builder = new MessageBuilder(firstWords, nextWords);
        for (var round = 0; round < 3; round++)
        {
            Fill(builder.Root.InitStruct(new StructSize(2, 4)));
            using var reader = new MessageReader();
            reader.Open(builder.ToArray());
            Verify(reader.Root.GetStruct());
            Verify(builder.AsReader().GetStruct());

            using var copy = new MessageBuilder(nextWords, firstWords);
            copy.Root.Set(reader.Root);
            Verify(copy.AsReader().GetStruct());
            builder.Reset();
        }
    }

    [Fact]
    public void A_stream_may_break_anywhere()
    {
        using var builder = new MessageBuilder(3, 2);
        Fill(builder.Root.InitStruct(new StructSize(2, 4)));
        var frame = builder.ToArray();
        using var reader = new MessageReader();
        for (var cut = 0; cut < frame.Length; cut++)
        {
            var first = new Chunk(frame.AsMemory(0, cut));
            var last = first.Append(frame.AsMemory(cut));
            var part = new ReadOnlySequence<byte>(frame.AsMemory(0, cut));
            Assert.False(reader.TryRead(ref part));
            var whole = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
            Assert.True(reader.TryRead(ref whole));
            Assert.True(whole.IsEmpty);
            Verify(reader.Root.GetStruct());
        }
    }

    private static void Fill(StructBuilder root)
    {
        root.SetUInt32(0, 123456789, 77);
        root.SetBool(64, true);
        root.SetBool(65, false, true);
        root.GetPointer(0).SetText("grüße");
        root.GetPointer(1).SetData([1, 2, 3]);
        var numbers = ScalarListBuilder<int>.Init(root.GetPointer(2), 5);
        for (var i = 0; i < 5; i++)
        {
            numbers[i] = i * i;
        }

        var structs = root.GetPointer(3).InitStructList(new StructSize(1, 1), 4);
        for (var i = 0; i < 4; i++)
        {
            structs.GetStruct(i).SetInt64(0, -i);
            structs.GetStruct(i).GetPointer(0).SetText("n" + i);
        }
    }

    private static void Verify(StructReader root)
    {
        Assert.Equal(123456789u, root.GetUInt32(0, 77));
        Assert.True(root.GetBool(64));
        Assert.False(root.GetBool(65, true));
        Assert.True(root.GetPointer(0).GetText().Equals("grüße"));
        Assert.Equal([1, 2, 3], root.GetPointer(1).GetData().ToArray());
        Assert.Equal([0, 1, 4, 9, 16], ScalarListReader<int>.Read(root.GetPointer(2)).ToArray());
        var structs = StructListReader<StructReader>.Read(root.GetPointer(3));
        Assert.Equal(4, structs.Count);
        var i = 0;
        foreach (var item in structs)
        {
            Assert.Equal(-i, item.GetInt64(0));
            Assert.Equal("n" + i, item.GetPointer(0).GetText());
            i++;
        }
    }

    private sealed class Chunk : ReadOnlySequenceSegment<byte>
    {
        public Chunk(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Chunk Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Chunk(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}

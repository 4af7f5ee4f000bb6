using System.Buffers;
using Wetware.Capnp;
using Wetware.Core;

namespace Wetware.Capnp.Tests;

/// <summary>Build, write, read and reset allocate nothing in steady state: plain, packed, from a stream, and in several segments.</summary>
public class AllocationTests
{
    [Theory]
    [InlineData(1024)]
    [InlineData(40)]
    public void The_steady_state_allocates_nothing(int segmentWords)
    {
        using var builder = new MessageBuilder(segmentWords, segmentWords);
        using var reader = new MessageReader();
        var packed = new PackedStreamReader();
        var output = new ArrayBufferWriter<byte>(1 << 16);
        for (var i = 0; i < 50; i++)
        {
            Round(builder, reader, packed, output);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = 0L;
        for (var i = 0; i < 100; i++)
        {
            sum += Round(builder, reader, packed, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100 * 2 * (20 * 19 / 2) + (100 * 2 * 20 * "some text".Length), sum);
    }

    private static long Round(MessageBuilder builder, MessageReader reader, PackedStreamReader packed, ArrayBufferWriter<byte> output)
    {
        builder.Reset();
        var list = builder.Root.InitStructList(new StructSize(1, 2), 20);
        for (var i = 0; i < 20; i++)
        {
            var item = list.GetStruct(i);
            item.SetInt32(1, i, 77);
            item.GetPointer(0).SetText("some text");
            ScalarListBuilder<long>.Init(item.GetPointer(1), i).Span.Fill(i);
        }

        output.ResetWrittenCount();
        builder.WriteTo(output);
        var input = new ReadOnlySequence<byte>(output.WrittenMemory);
        Assert.True(reader.TryRead(ref input));
        var sum = Sum(reader);
        output.ResetWrittenCount();
        builder.WritePackedTo(output);
        input = new ReadOnlySequence<byte>(output.WrittenMemory);
        Assert.True(packed.TryRead(ref input, reader));
        return sum + Sum(reader);
    }

    private static long Sum(MessageReader reader)
    {
        var sum = 0L;
        foreach (var item in StructListReader<StructReader>.Read(reader.Root))
        {
            sum += item.GetInt32(1, 77) + item.GetPointer(0).GetText().Length;
            foreach (var number in ScalarListReader<long>.Read(item.GetPointer(1)))
            {
                Invariant.Check(number >= 0);
            }
        }

        return sum;
    }
}

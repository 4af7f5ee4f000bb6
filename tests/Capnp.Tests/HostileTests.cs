using System.Buffers;
using System.Buffers.Binary;
using Wetware.Capnp;

namespace Wetware.Capnp.Tests;

/// <summary>Messages that are made to hurt their reader; the security advisories of the C++ project among them.</summary>
public class HostileTests
{
    [Fact]
    public void Lists_of_void_and_of_empty_structs_cost_what_they_count()
    {
        var voids = Words(WirePointer.List(0, ElementSize.Void, (1 << 29) - 1).Word);
        Assert.Throws<DecodeException>(() => voids.Root.GetList());
        var empties = Words(WirePointer.List(0, ElementSize.InlineComposite, 0).Word, WirePointer.Struct((1 << 30) - 1, 0, 0).Word);
        Assert.Throws<DecodeException>(() => empties.Root.GetList());
    }

    [Fact]
    public void A_list_of_structs_without_pointers_is_no_list_of_pointers()
    {
        // CVE-2022-46149: the element's pointer would have been read from behind the list.
        var message = Words(WirePointer.List(0, ElementSize.InlineComposite, 1).Word, WirePointer.Struct(1, 1, 0).Word, 0);
        Assert.Throws<DecodeException>(() => PointerListReader<PointerReader>.Read(message.Root));
        Assert.Throws<DecodeException>(() => message.Root.GetList().GetPointer(0));
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(512u)]
    [InlineData(0x7FFF_FFFFu)]
    public void Too_many_segments_are_refused_before_anything_is_allocated(uint countLessOne)
    {
        var table = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(table, countLessOne);
        AssertRefused(table);
    }

    [Fact]
    public void Segments_too_large_together_are_refused_as_soon_as_it_shows()
    {
        var table = new byte[4 + (512 * 4)];
        table.AsSpan().Fill(0xFF);
        BinaryPrimitives.WriteUInt32LittleEndian(table, 511);
        AssertRefused(table);
        AssertRefused(table.AsSpan(0, 12).ToArray());
    }

    [Fact]
    public void Nesting_ends_at_its_limit_even_in_a_circle()
    {
        // The struct's only pointer leads to the struct itself.
        var message = Words(WirePointer.Struct(0, 0, 1).Word, WirePointer.Struct(-1, 0, 1).Word);
        var inner = message.Root.GetStruct();
        var depth = 1;
        Assert.Throws<DecodeException>(() =>
        {
            for (; depth < 1000; depth++)
            {
                inner = inner.GetPointer(0).GetStruct();
            }
        });
        Assert.Equal(Limits.NestingMax, depth);
    }

    [Fact]
    public void Siblings_share_one_budget()
    {
        var words = new ulong[1026];
        words[0] = WirePointer.Struct(0, 0, 1).Word;
        words[1] = WirePointer.List(0, ElementSize.EightBytes, 1024).Word;
        var message = Words(new ReaderLimits { TraversalWordsMax = 4096 }, words);
        var root = message.Root.GetStruct();
        var reads = 0;
        Assert.Throws<DecodeException>(() =>
        {
            for (; reads < 100; reads++)
            {
                _ = root.GetPointer(0).GetList();
            }
        });
        Assert.Equal(3, reads);
    }

    [Theory]
    [InlineData(0x0000_0001_0000_0000UL)] // a struct right behind the segment
    [InlineData(0x0000_0001_FFFF_FFF8UL)] // before its start
    [InlineData(0xFFFF_FFFF_0000_0000UL)]
    [InlineData(0x0000_0001_7FFF_FFFCUL)]
    [InlineData(0xFFFF_FFFF_0000_0001UL)] // a list of composites that is too long
    [InlineData(0xFFFF_FFFC_0000_0001UL)]
    [InlineData(0x0000_0000_0000_0002UL)] // a far pointer to itself
    [InlineData(0x0000_0005_0000_0002UL)] // to a segment that is not there
    [InlineData(0x0000_0000_FFFF_FFFEUL)]
    [InlineData(0x0000_0000_0000_0006UL)] // double-far to itself
    [InlineData(0x0000_0000_0000_0007UL)] // of a kind that is not known
    public void A_pointer_that_leads_nowhere_is_refused(ulong pointer)
    {
        var message = Words(pointer);
        Assert.Throws<DecodeException>(() => message.Root.GetStruct());
        Assert.Throws<DecodeException>(() => message.Root.GetList());
        Assert.Throws<DecodeException>(() => message.Root.GetText());
        Assert.Throws<DecodeException>(() => message.Root.GetCapability());
    }

    [Fact]
    public void Text_that_does_not_end_is_refused()
    {
        var message = Words(WirePointer.List(0, ElementSize.Byte, 8).Word, ulong.MaxValue);
        Assert.Throws<DecodeException>(() => message.Root.GetText());
        Assert.Equal(8, message.Root.GetData().Length);
    }

    [Fact]
    public void Elements_that_overrun_their_list_are_refused()
    {
        var message = Words(WirePointer.List(0, ElementSize.InlineComposite, 2).Word, WirePointer.Struct(2, 1, 1).Word, 0, 0);
        Assert.Throws<DecodeException>(() => message.Root.GetList());
    }

    [Theory]
    [InlineData((1 << 30) - 1, ushort.MaxValue, ushort.MaxValue, 1)] // CVE-2015-2310: the size of all elements overflows
    [InlineData(1 << 29, 8, 0, 0)]
    [InlineData(1, 0, 1, 0)] // CVE-2015-2311: more than the list has, which must not wrap to very much
    [InlineData(0, 0, 0, -1)] // not even room for the tag
    public void Elements_whose_size_does_not_add_up_are_refused(int count, int dataWords, int pointers, int listWords)
    {
        var tag = WirePointer.Struct(count, (ushort)dataWords, (ushort)pointers).Word;
        var list = WirePointer.List(0, ElementSize.InlineComposite, Math.Max(listWords, 0)).Word;
        var message = listWords < 0 ? Words(list) : Words(list, tag, 0);
        Assert.Throws<DecodeException>(() => message.Root.GetList());
        Assert.Throws<DecodeException>(() => message.Root.GetText());
    }

    [Theory]
    [InlineData(ElementSize.Void, 100_000, 0)] // CVE-2015-2312: few bytes, very many elements
    [InlineData(ElementSize.EightBytes, 20_000, 20_000)] // CVE-2015-2313: very many pointers, all to one list
    public void Copying_what_many_pointers_share_is_bounded_by_the_same_budget(ElementSize size, int count, int words)
    {
        const int Pointers = 1000;
        var all = new ulong[1 + Pointers + words];
        all[0] = WirePointer.Struct(0, 0, Pointers).Word;
        for (var i = 0; i < Pointers; i++)
        {
            all[1 + i] = WirePointer.List(Pointers - 1 - i, size, count).Word;
        }

        using var copy = new MessageBuilder();
        var message = Words(all);
        Assert.Throws<DecodeException>(() => copy.Root.Set(message.Root));
        Assert.True(copy.SizeBytes <= 8L * (ReaderLimits.Default.TraversalWordsMax + all.Length), "more was copied than may be read");
        message.ResetBudget();
        Assert.Throws<DecodeException>(() => Canonical.Encode(message.Root.GetStruct()));
    }

    [Fact]
    public void A_segment_of_no_words_is_legal()
    {
        var frame = new byte[4 + (4 * 3) + 8];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, 2);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), 1);
        WirePointer.Struct(-1, 0, 0).Store(frame, 16);
        using var message = new MessageReader();
        var input = new ReadOnlySequence<byte>(frame);
        Assert.True(message.TryRead(ref input));
        Assert.Equal(3, message.SegmentCount);
        Assert.Equal(PointerKind.Struct, message.Root.Kind);
    }

    [Fact]
    public void A_root_segment_of_no_words_has_no_root()
    {
        using var message = new MessageReader();
        message.Open(new byte[8]);
        Assert.Throws<DecodeException>(() => message.Root);
    }

    [Fact]
    public void A_message_that_is_closed_cannot_be_read_on()
    {
        using var message = new MessageReader();
        message.OpenSegment(new byte[] { 0, 0, 0, 0, 1, 0, 1, 0, 9, 9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 });
        var root = message.Root.GetStruct();
        message.Close();
        Assert.Throws<DecodeException>(() => root.GetPointer(0).GetStruct());
        Assert.Throws<DecodeException>(() => message.Root);
    }

    [Fact]
    public void A_builder_that_outlived_its_message_is_refused()
    {
        var message = new MessageBuilder();
        var root = message.Root.InitStruct(new StructSize(0, 1));
        message.Dispose();
        Assert.Throws<ObjectDisposedException>(() => root.GetPointer(0).SetText("late"));
        Assert.Throws<ObjectDisposedException>(() => message.Root);
    }

    private static void AssertRefused(byte[] table)
    {
        using var message = new MessageReader();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DecodeException>(() =>
        {
            var input = new ReadOnlySequence<byte>(table);
            _ = message.TryRead(ref input);
        });
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    private static MessageReader Words(params ulong[] words) => Words(ReaderLimits.Default, words);

    private static MessageReader Words(ReaderLimits limits, params ulong[] words)
    {
        var bytes = new byte[words.Length * 8];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), words[i]);
        }

        var message = new MessageReader(limits);
        message.OpenSegment(bytes);
        return message;
    }
}

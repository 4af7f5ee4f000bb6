using Wetware.Capnp;
using Wetware.Core;
using Wetware.Testing;

namespace Wetware.Capnp.Tests;

/// <summary>Orphans, truncation, resizing and upgrades, with one segment and with one for each object.</summary>
public class SurgeryTests
{
    public static TheoryData<int, int> Shapes() => new() { { 1024, 1 << 20 }, { 1, 1 }, { 3, 2 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_orphan_moves_without_a_copy(int first, int next)
    {
        using var message = new MessageBuilder(first, next);
        var root = message.Root.InitStruct(new StructSize(0, 3));
        root.GetPointer(0).InitStruct(new StructSize(1, 1)).GetPointer(0).SetText("deep");
        root.GetPointer(0).GetStruct(default).SetInt32(0, 7);
        var before = message.SizeBytes;
        root.GetPointer(1).Adopt(root.GetPointer(0).Disown());
        Assert.True(message.SizeBytes - before <= 16);
        Assert.False(root.HasPointer(0));
        var moved = root.AsReader().GetPointer(1).GetStruct();
        Assert.Equal(7, moved.GetInt32(0));
        Assert.Equal("deep", moved.GetPointer(0).GetText());

        var scratch = message.NewPointer();
        scratch.SetText("made apart");
        using var orphan = scratch.Disown();
        root.GetPointer(2).Adopt(orphan);
        Assert.True(orphan.IsNull);
        Assert.Equal("made apart", root.AsReader().GetPointer(2).GetText());
    }

    [Fact]
    public void An_orphan_of_another_message_is_refused()
    {
        using var one = new MessageBuilder();
        using var other = new MessageBuilder();
        one.Root.SetText("x");
        using var orphan = one.Root.Disown();
        Assert.Throws<InvalidOperationException>(() => other.Root.Adopt(orphan));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Lists_of_every_kind_take_any_length(int first, int next)
    {
        var random = new Prng(Property.Seed());
        foreach (var size in Enum.GetValues<ElementSize>())
        {
            using var message = new MessageBuilder(first, next);
            var root = message.Root.InitStruct(new StructSize(0, 2));
            var pointer = root.GetPointer(0);
            var model = new List<int>();
            _ = size == ElementSize.InlineComposite ? pointer.InitStructList(new StructSize(1, 2), 0) : pointer.InitList(size, 0);
            for (var step = 0; step < 40; step++)
            {
                var count = (int)random.Below(20);
                var list = pointer.ResizeList(count);
                while (model.Count > count)
                {
                    model.RemoveAt(model.Count - 1);
                }

                while (model.Count < count)
                {
                    Assert.Equal(0, Element(list, model.Count));
                    model.Add((int)random.Below(2));
                    SetElement(list, model.Count - 1, model[^1]);
                }

                if (random.Below(3) == 0)
                {
                    root.GetPointer(1).SetText("in the way");
                }

                var whole = pointer.GetList();
                int[] wanted = size == ElementSize.Void ? new int[count] : [.. model];
                Assert.Equal(wanted, Enumerable.Range(0, whole.Count).Select(i => Element(whole, i)));
            }
        }
    }

    [Fact]
    public void Text_is_cut_where_asked()
    {
        using var message = new MessageBuilder();
        message.Root.SetText("hello world");
        message.Root.TruncateText(5);
        Assert.Equal("hello", message.AsReader().GetText());
        message.Root.TruncateText(0);
        Assert.Equal("", message.AsReader().GetText());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_struct_of_an_older_schema_grows_in_place(int first, int next)
    {
        using var message = new MessageBuilder(first, next);
        var old = message.Root.InitStruct(new StructSize(1, 1));
        old.SetInt32(0, 5);
        old.GetPointer(0).SetText("kept");
        var wide = message.Root.GetStruct(new StructSize(3, 2));
        Assert.Equal(5, wide.GetInt32(0));
        wide.SetInt64(2, 9);
        wide.GetPointer(1).SetText("new");
        using var reader = new MessageReader();
        reader.Open(message.ToArray());
        var read = reader.Root.GetStruct();
        Assert.Equal("kept", read.GetPointer(0).GetText());
        Assert.Equal("new", read.GetPointer(1).GetText());
        Assert.Equal(9, read.GetInt64(2));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Lists_upgrade_both_ways(int first, int next)
    {
        using var message = new MessageBuilder(first, next);
        var numbers = ScalarListBuilder<ushort>.Init(message.Root, 3);
        for (var i = 0; i < 3; i++)
        {
            numbers[i] = (ushort)(100 + i);
        }

        // A list of scalars reads as structs whose first field they are.
        var structs = StructListReader<StructReader>.Read(message.AsReader());
        Assert.Equal(102, structs[2].GetUInt16(0));
        Assert.Equal(0, structs[2].GetUInt16(1));

        // Getting it as structs makes it structs, which read as scalars in turn.
        var grown = message.Root.GetStructList(new StructSize(2, 1));
        Assert.Equal(101, grown.GetStruct(1).GetUInt16(0));
        grown.GetStruct(1).GetPointer(0).SetText("more");
        Assert.Equal([100, 101, 102], ScalarListReader<ushort>.Read(message.AsReader()).ToArray());
        var texts = PointerListReader<Wetware.Capnp.TextReader>.Read(message.AsReader());
        Assert.Equal("more", texts[1]);

        // And once more, wider.
        var wider = message.Root.GetStructList(new StructSize(3, 2));
        Assert.Equal("more", wider.GetStruct(1).AsReader().GetPointer(0).GetText());
        Assert.Equal(102, wider.GetStruct(2).GetUInt16(0));

        BoolListBuilder.Init(message.Root, 2);
        Assert.Throws<DecodeException>(() => StructListReader<StructReader>.Read(message.AsReader()));
        Assert.Throws<DecodeException>(() => ScalarListReader<byte>.Read(message.AsReader()));
    }

    [Fact]
    public void What_takes_no_room_stays_in_bounds_when_the_end_of_its_segment_is_cut_off()
    {
        using var message = new MessageBuilder();
        var root = message.Root.InitStruct(new StructSize(0, 3));
        root.GetPointer(0).InitList(ElementSize.EightBytes, 10);
        root.GetPointer(1).InitList(ElementSize.Pointer, 0);
        root.GetPointer(2).SetData([]);
        root.GetPointer(0).ResizeList(1);
        Assert.Equal(8 + (3 * 8) + 8, message.SizeBytes);
        using var reader = new MessageReader();
        reader.Open(message.ToArray());
        Assert.Equal(0, reader.Root.GetStruct().GetPointer(1).GetList().Count);
        Assert.True(reader.Root.GetStruct().GetPointer(2).GetData().IsEmpty);
        root.GetPointer(1).Clear();
        root.GetPointer(2).ResizeList(3);
    }

    [Fact]
    public void What_is_overwritten_is_gone()
    {
        using var message = new MessageBuilder();
        var root = message.Root.InitStruct(new StructSize(0, 1));
        root.GetPointer(0).InitStructList(new StructSize(0, 1), 3).GetStruct(2).GetPointer(0).SetText("secret");
        root.GetPointer(0).SetText("public");
        Assert.False(message.GetSegmentBytes(0).Span.IndexOf("secret"u8) >= 0);
    }

    private static int Element(ListBuilder list, int index) => list.ElementSize switch
    {
        ElementSize.Void => 0,
        ElementSize.Bit => list.GetBool(index) ? 1 : 0,
        ElementSize.Byte => list.GetScalar<byte>(index),
        ElementSize.TwoBytes => list.GetScalar<ushort>(index),
        ElementSize.FourBytes => list.GetScalar<int>(index),
        ElementSize.EightBytes => (int)list.GetScalar<long>(index),
        ElementSize.Pointer => list.GetPointer(index).IsNull ? 0 : 1,
        _ => list.GetStruct(index).HasPointer(1) ? list.GetStruct(index).GetInt32(0) : 0,
    };

    private static void SetElement(ListBuilder list, int index, int value)
    {
        switch (list.ElementSize)
        {
            case ElementSize.Void:
                break;
            case ElementSize.Bit:
                list.SetBool(index, value != 0);
                break;
            case ElementSize.Byte:
                list.SetScalar(index, (byte)value);
                break;
            case ElementSize.TwoBytes:
                list.SetScalar(index, (ushort)value);
                break;
            case ElementSize.FourBytes:
                list.SetScalar(index, value);
                break;
            case ElementSize.EightBytes:
                list.SetScalar(index, (long)value);
                break;
            case ElementSize.Pointer when value != 0:
                list.GetPointer(index).SetText("t" + index);
                break;
            case ElementSize.InlineComposite when value != 0:
                list.GetStruct(index).SetInt32(0, value);
                list.GetStruct(index).GetPointer(1).SetText("t" + index);
                break;
            default:
                break;
        }
    }
}

using Wetware.Capnp;
using Wetware.Capnp.Schema;

namespace Wetware.Fuzz.Capnp;

/// <summary>A schema of one recursive struct, as the schema compiler would emit it: <c>struct S { n :Int32; t :Text; s :S; l :List(S); d :Data; f :List(Float64); }</c>.</summary>
internal static class SmallSchema
{
    public const ulong Id = 0xC0FFEE_C0FFEEUL;

    public static byte[] Request()
    {
        using var message = new MessageBuilder();
        var node = message.InitRoot<CodeGeneratorRequest.Builder>().InitNodes(1)[0];
        node.Id = Id;
        node.SetDisplayName("small.capnp:S");
        node.DisplayNamePrefixLength = 12;
        var declared = node.InitStruct();
        declared.DataWordCount = 1;
        declared.PointerCount = 5;
        var fields = declared.InitFields(6);
        Slot(fields[0], 0, "n", 0).SetInt32();
        Slot(fields[1], 1, "t", 0).SetText();
        Slot(fields[2], 2, "s", 1).InitStruct().TypeId = Id;
        Slot(fields[3], 3, "l", 2).InitList().InitElementType().InitStruct().TypeId = Id;
        Slot(fields[4], 4, "d", 3).SetData();
        Slot(fields[5], 5, "f", 4).InitList().InitElementType().SetFloat64();
        return message.ToArray();
    }

    private static Wetware.Capnp.Schema.Type.Builder Slot(Field.Builder field, ushort order, string name, uint offset)
    {
        field.CodeOrder = order;
        field.SetName(name);
        field.DiscriminantValue = 0xFFFF;
        var slot = field.InitSlot();
        slot.Offset = offset;
        return slot.InitType();
    }
}

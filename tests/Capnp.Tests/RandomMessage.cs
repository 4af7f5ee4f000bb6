using Wetware.Capnp;
using Wetware.Capnp.Dynamic;
using Wetware.Core;

namespace Wetware.Capnp.Tests;

/// <summary>Fills structs of any schema with random values, the awkward ones among them.</summary>
internal sealed class RandomMessage(ulong seed)
{
    private Prng _random = new(seed);

    public void Fill(DynamicStructBuilder target, int depth)
    {
        var members = target.Schema.Fields.Where(field => field.Discriminant is not null).ToArray();
        var chosen = members.Length == 0 ? null : members[_random.Below((ulong)members.Length)];
        foreach (var field in target.Schema.Fields)
        {
            // A union's member is always set: JSON and text cannot tell one that is null from one that is empty.
            if (field.Discriminant is null ? field.IsGroup || _random.Below(4) != 0 : ReferenceEquals(field, chosen))
            {
                Set(target, field, depth);
            }
        }
    }

    private void Set(DynamicStructBuilder target, FieldSchema field, int depth)
    {
        var type = target.TypeOf(field);
        if (type.Kind == TypeKind.Struct)
        {
            if (field.IsGroup || field.Discriminant is not null || depth > 0)
            {
                Fill(target.InitStruct(field), depth - 1);
            }
        }
        else if (type.IsPointer)
        {
            Pointer(type, target.GetPointer(field), depth);
        }
        else
        {
            target.SetBits(field, Bits(type));
        }
    }

    private void Pointer(TypeSchema type, PointerBuilder target, int depth)
    {
        switch (type.Kind)
        {
            case TypeKind.Text:
                target.SetText(Text());
                break;
            case TypeKind.Data:
                var bytes = new byte[_random.Below(20)];
                for (var i = 0; i < bytes.Length; i++)
                {
                    // The tool's search for the end of a text message trips over brackets in strings.
                    var b = (byte)_random.Next();
                    bytes[i] = b is (byte)'(' or (byte)')' or (byte)'[' or (byte)']' or (byte)'"' ? (byte)'x' : b;
                }

                target.SetData(bytes);
                break;
            case TypeKind.List:
                List(DynamicListBuilder.Init(type.Element!, target, (int)_random.Below(5)), depth - 1);
                break;
            default:
                break;
        }
    }

    private void List(DynamicListBuilder list, int depth)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list.Element.Kind == TypeKind.Struct)
            {
                Fill(list.GetStruct(i), depth);
            }
            else if (list.Element.IsPointer)
            {
                Pointer(list.Element, list.GetPointer(i), depth);
            }
            else
            {
                list.SetBits(i, Bits(list.Element));
            }
        }
    }

    private ulong Bits(TypeSchema type) => type.Kind switch
    {
        TypeKind.Bool => _random.Below(2),
        TypeKind.Enum => _random.Below((ulong)type.Enum.Enumerants.Count),
        TypeKind.Float32 => Float32(),
        TypeKind.Float64 => BitConverter.DoubleToUInt64Bits(Float()),
        _ => _random.Below(4) == 0 ? ulong.MaxValue << 63 : _random.Next() >> (int)_random.Below(64),
    };

    // Few digits: the tool prints some floats one digit short.
    private ulong Float32() =>
        BitConverter.SingleToUInt32Bits(
            _random.Below(5) == 0 ? (float)Float() is var f && float.IsFinite(f) ? 0 : f : (sbyte)_random.Next() * 0.125F);

    private double Float() => _random.Below(8) switch
    {
        0 => double.PositiveInfinity,
        1 => double.NegativeInfinity,
        2 => BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000UL),
        3 => 0,
        4 => -0.1,
        _ => ((long)_random.Next() >> 20) * 0.37,
    };

    private string Text()
    {
        const string Alphabet = "abcXYZ 0189\"\\\n\t\u0001/<>&'grüße€😀";
        var runes = Alphabet.EnumerateRunes().ToArray();
        return string.Concat(Enumerable.Range(0, (int)_random.Below(12)).Select(_ => runes[_random.Below((ulong)runes.Length)].ToString()));
    }
}

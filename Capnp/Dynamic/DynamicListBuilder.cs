namespace Wetware.Capnp.Dynamic;

/// <summary>A list under construction whose type is known only at run time.</summary>
public readonly struct DynamicListBuilder
{
    private DynamicListBuilder(TypeSchema element, ListBuilder raw)
    {
        Element = element;
        Raw = raw;
    }

    /// <summary>The type of the elements.</summary>
    public TypeSchema Element { get; }

    /// <summary>The list without its type.</summary>
    public ListBuilder Raw { get; }

    /// <summary>How many elements there are.</summary>
    public int Count => Raw.Count;

    /// <summary>Makes a new list.</summary>
    public static DynamicListBuilder Init(TypeSchema element, PointerBuilder pointer, int count)
    {
        ArgumentNullException.ThrowIfNull(element);
        return new DynamicListBuilder(
            element,
            element.Kind == TypeKind.Struct
                ? pointer.InitStructList(element.Struct.Size, count)
                : pointer.InitList(element.ElementSize, count));
    }

    /// <summary>Sets a scalar.</summary>
    public void SetBits(int index, ulong bits)
    {
        switch (Element.ElementSize)
        {
            case ElementSize.Void:
                break;
            case ElementSize.Bit:
                Raw.SetBool(index, (bits & 1) != 0);
                break;
            case ElementSize.Byte:
                Raw.SetScalar(index, (byte)bits);
                break;
            case ElementSize.TwoBytes:
                Raw.SetScalar(index, (ushort)bits);
                break;
            case ElementSize.FourBytes:
                Raw.SetScalar(index, (uint)bits);
                break;
            default:
                Raw.SetScalar(index, bits);
                break;
        }
    }

    /// <summary>An element that is a struct.</summary>
    public DynamicStructBuilder GetStruct(int index) => new(Element.Struct, Element.Brand, Raw.GetStruct(index));

    /// <summary>An element that is a pointer.</summary>
    public PointerBuilder GetPointer(int index) => Raw.GetPointer(index);
}

namespace Wetware.Capnp.Dynamic;

/// <summary>A list whose type is known only at run time. A plain value; valid as long as its message is.</summary>
public readonly struct DynamicListReader : IIndexed<DynamicValue>
{
    private readonly ListReader _raw;

    /// <summary>Looks at a list as one of a type.</summary>
    /// <exception cref="DecodeException">The elements are not compatible with it.</exception>
    public DynamicListReader(TypeSchema element, ListReader raw)
    {
        ArgumentNullException.ThrowIfNull(element);
        Element = element;
        _raw = element.ElementSize switch
        {
            ElementSize.Bit => raw.ExpectBits(),
            ElementSize.Pointer => raw.ExpectPointers(),
            ElementSize.InlineComposite => raw.ExpectStructs(),
            var size => raw.ExpectScalars(Wire.BitsOf(size)),
        };
    }

    /// <summary>The type of the elements.</summary>
    public TypeSchema Element { get; }

    /// <inheritdoc/>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListReader Raw => _raw;

    /// <inheritdoc/>
    public DynamicValue this[int index] => Element.ElementSize switch
    {
        ElementSize.Void => new DynamicValue(Element, 0UL),
        ElementSize.Bit => new DynamicValue(Element, _raw.GetBool(index) ? 1UL : 0),
        ElementSize.Byte => new DynamicValue(Element, _raw.GetScalar<byte>(index)),
        ElementSize.TwoBytes => new DynamicValue(Element, _raw.GetScalar<ushort>(index)),
        ElementSize.FourBytes => new DynamicValue(Element, _raw.GetScalar<uint>(index)),
        ElementSize.EightBytes => new DynamicValue(Element, _raw.GetScalar<ulong>(index)),
        ElementSize.InlineComposite => new DynamicValue(Element, _raw.GetStruct(index)),
        _ => new DynamicValue(Element, _raw.GetPointer(index)),
    };

    /// <summary>Walks the elements.</summary>
    public ListEnumerator<DynamicListReader, DynamicValue> GetEnumerator() => new(this);
}

namespace Wetware.Capnp.Dynamic;

/// <summary>A value whose type is known only at run time. A plain value; valid as long as its message is.</summary>
public readonly struct DynamicValue
{
    private readonly PointerReader _pointer;
    private readonly StructReader _struct;
    private readonly bool _isInline;

    internal DynamicValue(TypeSchema type, ulong bits)
    {
        Type = type;
        Bits = bits;
    }

    internal DynamicValue(TypeSchema type, PointerReader pointer)
    {
        Type = type;
        _pointer = pointer;
    }

    internal DynamicValue(TypeSchema type, StructReader inline)
    {
        Type = type;
        _struct = inline;
        _isInline = true;
    }

    /// <summary>Its type; type parameters resolved as far as they are bound.</summary>
    public TypeSchema Type { get; }

    /// <summary>The bits of a scalar, in the low end.</summary>
    public ulong Bits { get; }

    /// <summary>A Bool.</summary>
    public bool AsBool => Bits != 0;

    /// <summary>A signed number.</summary>
    public long AsInt64 => Type.Kind switch
    {
        TypeKind.Int8 => (sbyte)Bits,
        TypeKind.Int16 => (short)Bits,
        TypeKind.Int32 => (int)Bits,
        _ => (long)Bits,
    };

    /// <summary>A floating-point number.</summary>
    public double AsFloat64 =>
        Type.Kind == TypeKind.Float32 ? BitConverter.UInt32BitsToSingle((uint)Bits) : BitConverter.UInt64BitsToDouble(Bits);

    /// <summary>Text.</summary>
    public TextReader AsText => _pointer.GetText();

    /// <summary>Bytes.</summary>
    public DataReader AsData => _pointer.GetData();

    /// <summary>A pointer of any kind, AnyPointer and capabilities among them.</summary>
    public PointerReader AsPointer => _pointer;

    /// <summary>A struct or group.</summary>
    public DynamicStructReader AsStruct => new(Type.Struct, Type.Brand, _isInline ? _struct : _pointer.GetStruct());

    /// <summary>A list.</summary>
    public DynamicListReader AsList => new(Type.Element!, _pointer.GetList());

    /// <summary>The name of an enum's value; null if the schema does not know the number.</summary>
    public string? AsEnumerant => Bits < (ulong)Type.Enum.Enumerants.Count ? Type.Enum.Enumerants[(int)Bits].Name : null;
}

namespace Wetware.Capnp.Dynamic;

/// <summary>The kinds of types, numbered as in schema.capnp.</summary>
public enum TypeKind : ushort
{
    /// <summary>The type with one value.</summary>
    Void,

    /// <summary>A truth value.</summary>
    Bool,

    /// <summary>A signed number of 8 bits.</summary>
    Int8,

    /// <summary>A signed number of 16 bits.</summary>
    Int16,

    /// <summary>A signed number of 32 bits.</summary>
    Int32,

    /// <summary>A signed number of 64 bits.</summary>
    Int64,

    /// <summary>An unsigned number of 8 bits.</summary>
    UInt8,

    /// <summary>An unsigned number of 16 bits.</summary>
    UInt16,

    /// <summary>An unsigned number of 32 bits.</summary>
    UInt32,

    /// <summary>An unsigned number of 64 bits.</summary>
    UInt64,

    /// <summary>A floating-point number of 32 bits.</summary>
    Float32,

    /// <summary>A floating-point number of 64 bits.</summary>
    Float64,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Data,

    /// <summary>A list.</summary>
    List,

    /// <summary>An enum.</summary>
    Enum,

    /// <summary>A struct or group.</summary>
    Struct,

    /// <summary>A capability.</summary>
    Interface,

    /// <summary>A pointer of any kind, or a type parameter.</summary>
    AnyPointer,
}

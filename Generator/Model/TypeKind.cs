namespace Wetware.Generator.Model;

/// <summary>The kinds of a schema type. The numbers are the union tags of schema.capnp's <c>Type</c>.</summary>
internal enum TypeKind
{
    Void = 0,
    Bool = 1,
    Int8 = 2,
    Int16 = 3,
    Int32 = 4,
    Int64 = 5,
    UInt8 = 6,
    UInt16 = 7,
    UInt32 = 8,
    UInt64 = 9,
    Float32 = 10,
    Float64 = 11,
    Text = 12,
    Data = 13,
    List = 14,
    Enum = 15,
    Struct = 16,
    Interface = 17,
    AnyPointer = 18,
}

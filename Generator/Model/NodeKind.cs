namespace Wetware.Generator.Model;

/// <summary>What a schema node declares. The numbers are the union tags of schema.capnp's <c>Node</c>.</summary>
internal enum NodeKind
{
    File = 0,
    Struct = 1,
    Enum = 2,
    Interface = 3,
    Const = 4,
    Annotation = 5,
}

using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>How generated code spells what it uses of the runtime.</summary>
internal static class Runtime
{
    public const string Capnp = "global::Wetware.Capnp";
    public const string IPointerReader = Capnp + ".IPointerReader";
    public const string IPointerBuilder = Capnp + ".IPointerBuilder";
    public const string IStructReader = Capnp + ".IStructReader";
    public const string IStructBuilder = Capnp + ".IStructBuilder";
    public const string StructReader = Capnp + ".StructReader";
    public const string StructBuilder = Capnp + ".StructBuilder";
    public const string StructSize = Capnp + ".StructSize";
    public const string Void = Capnp + ".Void";
    public const string TextReader = Capnp + ".TextReader";
    public const string TextBuilder = Capnp + ".TextBuilder";
    public const string DataReader = Capnp + ".DataReader";
    public const string DataBuilder = Capnp + ".DataBuilder";
    public const string AnyReader = Capnp + ".PointerReader";
    public const string AnyBuilder = Capnp + ".PointerBuilder";
    public const string AnyStructReader = Capnp + ".StructReader";
    public const string AnyStructBuilder = Capnp + ".StructBuilder";
    public const string AnyListReader = Capnp + ".ListReader";
    public const string AnyListBuilder = Capnp + ".ListBuilder";
    public const string Rpc = "global::Wetware.Rpc";
    public const string StreamResultBuilder = Rpc + ".StreamResult.Builder";
    public const string Capability = "global::Wetware.Rpc.Capability";
    public const string Orphan = Capnp + ".Orphan";
    public const string PointerDefault = Capnp + ".PointerDefault";
    public const string VoidListReader = Capnp + ".VoidListReader";
    public const string VoidListBuilder = Capnp + ".VoidListBuilder";
    public const string BoolListReader = Capnp + ".BoolListReader";
    public const string BoolListBuilder = Capnp + ".BoolListBuilder";
    public const string ScalarListReader = Capnp + ".ScalarListReader";
    public const string ScalarListBuilder = Capnp + ".ScalarListBuilder";
    public const string EnumListReader = Capnp + ".EnumListReader";
    public const string EnumListBuilder = Capnp + ".EnumListBuilder";
    public const string StructListReader = Capnp + ".StructListReader";
    public const string StructListBuilder = Capnp + ".StructListBuilder";
    public const string PointerListReader = Capnp + ".PointerListReader";
    public const string PointerListBuilder = Capnp + ".PointerListBuilder";

    /// <summary>The expression that reads a scalar field.</summary>
    public static string GetScalar(TypeNames types, SchemaField field)
    {
        var fallback = field.Default.Bits == 0 ? "" : ", " + Literals.ExactScalar(field.Default);
        var get = $"_raw.Get{Accessor(field.Type.Kind)}({field.Offset}{fallback})";
        return field.Type.Kind == TypeKind.Enum ? $"({types.Scalar(field.Type)}){get}" : get;
    }

    /// <summary>The expression that writes <c>value</c> to a scalar field.</summary>
    public static string SetScalar(SchemaField field)
    {
        var fallback = field.Default.Bits == 0 ? "" : ", " + Literals.ExactScalar(field.Default);
        var value = field.Type.Kind == TypeKind.Enum ? "(ushort)value" : "value";
        return $"_raw.Set{Accessor(field.Type.Kind)}({field.Offset}, {value}{fallback})";
    }

    /// <summary>The expression that follows a pointer field for reading.</summary>
    public static string ReadPointer(SchemaField field, string type)
    {
        var pointer = $"_raw.GetPointer({field.Offset}{(field.HasPointerDefault ? ", " + DefaultName(field) : "")})";
        return type switch
        {
            AnyReader => pointer,
            AnyStructReader => pointer + ".GetStruct()",
            AnyListReader => pointer + ".GetList()",
            TextReader => pointer + ".GetText()",
            DataReader => pointer + ".GetData()",
            Capability => $"{Capability}.Read({pointer})",
            _ => $"{pointer}.Get<{type}>()",
        };
    }

    /// <summary>The expression that follows a pointer field for change in place.</summary>
    public static string GetPointer(SchemaField field, string type)
    {
        var pointer = $"_raw.GetPointer({field.Offset}{(field.HasPointerDefault ? ", " + DefaultName(field) : "")})";
        return type switch
        {
            AnyBuilder => pointer,
            AnyListBuilder => pointer + ".GetList()",
            Capability => $"{Capability}.Read({pointer}.AsReader())",
            _ => $"{pointer}.Get<{type}>()",
        };
    }

    /// <summary>The static field that holds a pointer field's default; no name of a schema begins like it.</summary>
    public static string DefaultName(SchemaField field) => $"_{Identifiers.Camel(field.Name).TrimStart('@')}Default";

    /// <summary>
    /// The condition that a union member is the one that is set, with what joins it to another condition; nothing outside unions.
    /// </summary>
    public static string InThisArm(SchemaNode node, SchemaField field) =>
        field.InUnion ? $"_raw.GetUInt16({node.DiscriminantOffset}) == {field.Discriminant} && " : "";

    private static string Accessor(TypeKind kind) => kind == TypeKind.Enum ? "UInt16" : kind.ToString();
}

using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>The C# types of schema types, as seen from inside one generated C# type.</summary>
/// <param name="symbols">All declarations.</param>
/// <param name="self">The declaration that the C# type is generated for.</param>
/// <param name="view">The kind of that C# type.</param>
internal sealed class TypeNames(SymbolTable symbols, Symbol self, View view)
{
    /// <summary>Type parameters of the method in hand, by index.</summary>
    public IReadOnlyList<(string Reader, string Builder)> MethodParameters { get; init; } = [];

    /// <summary>The C# parameter list of a declaration, such as <c>&lt;TKey, TValue&gt;</c>, or nothing.</summary>
    public static string ParameterList(Symbol symbol, View view)
    {
        var names = ParameterNames(symbol, view);
        return names.Count == 0 ? "" : $"<{string.Join(", ", names)}>";
    }

    /// <summary>The constraints on those parameters, one clause each.</summary>
    public static IEnumerable<string> Constraints(Symbol symbol, View view)
    {
        foreach (var parameter in symbol.Parameters)
        {
            var (reader, builder) = Names(parameter, view);
            if (HasReader(parameter, view))
            {
                yield return $"where {reader} : {Runtime.IPointerReader}<{reader}>";
            }

            if (HasBuilder(parameter, view))
            {
                yield return $"where {builder} : {Runtime.IPointerBuilder}<{builder}>";
            }
        }
    }

    /// <summary>The name of this declaration's own type of a kind, such as <c>global::N.Map.Reader&lt;TKey, TValue&gt;</c>.</summary>
    public static string Own(Symbol symbol, View view) =>
        symbol.FullName
            + view switch { View.Reader => ".Reader", View.Builder => ".Builder", _ => ".Client" }
            + ParameterList(symbol, view);

    /// <summary>What a reader of this type is in C#.</summary>
    public string Reader(SchemaType type) => type.Kind switch
    {
        TypeKind.Text => Runtime.TextReader,
        TypeKind.Data => Runtime.DataReader,
        TypeKind.List => ListOf(type.Element!, View.Reader),
        TypeKind.Struct => Reference(type.TypeId, type.Brand, View.Reader),
        TypeKind.Interface => Reference(type.TypeId, type.Brand, View.Pair),
        TypeKind.AnyPointer => Any(type, View.Reader),
        _ => Scalar(type),
    };

    /// <summary>What a builder of this type is in C#.</summary>
    public string Builder(SchemaType type) => type.Kind switch
    {
        TypeKind.Text => Runtime.TextBuilder,
        TypeKind.Data => Runtime.DataBuilder,
        TypeKind.List => ListOf(type.Element!, View.Builder),
        TypeKind.Struct => Reference(type.TypeId, type.Brand, View.Builder),
        TypeKind.Interface => Reference(type.TypeId, type.Brand, View.Pair),
        TypeKind.AnyPointer => Any(type, View.Builder),
        _ => Scalar(type),
    };

    /// <summary>The C# type of a scalar or enum.</summary>
    public string Scalar(SchemaType type) => type.Kind switch
    {
        TypeKind.Void => Runtime.Void,
        TypeKind.Bool => "bool",
        TypeKind.Int8 => "sbyte",
        TypeKind.Int16 => "short",
        TypeKind.Int32 => "int",
        TypeKind.Int64 => "long",
        TypeKind.UInt8 => "byte",
        TypeKind.UInt16 => "ushort",
        TypeKind.UInt32 => "uint",
        TypeKind.UInt64 => "ulong",
        TypeKind.Float32 => "float",
        TypeKind.Float64 => "double",
        TypeKind.Enum => symbols[type.TypeId].FullName,
        _ => throw new InvalidOperationException($"{type.Kind} is no scalar"),
    };

    /// <summary>The C# type of a kind that a reference means, with its arguments.</summary>
    public string Reference(ulong id, SchemaBrand brand, View wanted)
    {
        var target = symbols[id];
        var arguments = Arguments(target, brand, wanted);
        var kind = wanted switch { View.Reader => "Reader", View.Builder => "Builder", _ => "Client" };
        return $"{target.FullName}.{kind}{arguments}";
    }

    /// <summary>The pipeline of a struct type.</summary>
    public string PipelineOf(SchemaType type) =>
        $"{symbols[type.TypeId].FullName}.Pipeline{Arguments(symbols[type.TypeId], type.Brand, View.Reader)}";

    /// <summary>The C# arguments of a reference, such as <c>&lt;...&gt;</c>, or nothing.</summary>
    public string Arguments(Symbol target, SchemaBrand brand, View wanted)
    {
        if (target.Parameters.Count == 0)
        {
            return "";
        }

        var arguments = new List<string>();
        foreach (var parameter in target.Parameters)
        {
            var bound = Bound(parameter, brand);
            if (HasReader(parameter, wanted))
            {
                arguments.Add(bound is null ? Runtime.AnyReader : Argument(bound, View.Reader));
            }

            if (HasBuilder(parameter, wanted))
            {
                arguments.Add(bound is null ? Runtime.AnyBuilder : Argument(bound, View.Builder));
            }
        }

        return $"<{string.Join(", ", arguments)}>";
    }

    private static bool HasReader(GenericParameter parameter, View view) => view != View.Builder || parameter.OfInterface;

    private static bool HasBuilder(GenericParameter parameter, View view) => view != View.Reader || parameter.OfInterface;

    private static (string Reader, string Builder) Names(GenericParameter parameter, View view) =>
        view == View.Pair || parameter.OfInterface
        ? (parameter.Name + "Reader", parameter.Name + "Builder")
        : (parameter.Name, parameter.Name);

    private static List<string> ParameterNames(Symbol symbol, View view)
    {
        var names = new List<string>();
        foreach (var parameter in symbol.Parameters)
        {
            var (reader, builder) = Names(parameter, view);
            if (HasReader(parameter, view))
            {
                names.Add(reader);
            }

            if (HasBuilder(parameter, view))
            {
                names.Add(builder);
            }
        }

        return names;
    }

    private static SchemaType? Bound(GenericParameter parameter, SchemaBrand brand)
    {
        if (brand.Find(parameter.ScopeId) is not { } scope)
        {
            return null;
        }

        return scope.Inherit
            ? new SchemaType(TypeKind.AnyPointer)
            {
                Any = AnyKind.Parameter, ParameterScope = parameter.ScopeId, ParameterIndex = parameter.Index,
            }
            : parameter.Index < scope.Bindings.Count ? scope.Bindings[parameter.Index] : null;
    }

    private string ListOf(SchemaType element, View wanted) => element.Kind switch
    {
        TypeKind.Void => wanted == View.Reader ? Runtime.VoidListReader : Runtime.VoidListBuilder,
        TypeKind.Bool => wanted == View.Reader ? Runtime.BoolListReader : Runtime.BoolListBuilder,
        TypeKind.Enum => $"{(wanted == View.Reader ? Runtime.EnumListReader : Runtime.EnumListBuilder)}<{Scalar(element)}>",
        TypeKind.Struct when wanted == View.Reader => $"{Runtime.StructListReader}<{Reader(element)}>",
            TypeKind.Struct => $"{Runtime.StructListBuilder}<{Builder(element)}>",
        _ when element.IsPointer && wanted == View.Reader => $"{Runtime.PointerListReader}<{Argument(element, wanted)}>",
            _ when element.IsPointer => $"{Runtime.PointerListBuilder}<{Argument(element, wanted)}>",
        _ => $"{(wanted == View.Reader ? Runtime.ScalarListReader : Runtime.ScalarListBuilder)}<{Scalar(element)}>",
    };

    // A Capability is a class, which no pointer can be viewed as: in lists and as an argument it stays a pointer, for Capability.Read.
    private string Argument(SchemaType type, View wanted) =>
        type is { Kind: TypeKind.AnyPointer, Any: AnyKind.Capability }
            ? wanted == View.Reader ? Runtime.AnyReader : Runtime.AnyBuilder
            : wanted == View.Reader ? Reader(type) : Builder(type);

    private string Any(SchemaType type, View wanted) => type.Any switch
    {
        AnyKind.Struct => wanted == View.Reader ? Runtime.AnyStructReader : Runtime.AnyStructBuilder,
        AnyKind.List => wanted == View.Reader ? Runtime.AnyListReader : Runtime.AnyListBuilder,
        AnyKind.Capability => Runtime.Capability,
        AnyKind.Parameter => Parameter(type, wanted),
        AnyKind.MethodParameter => MethodParameter(type, wanted),
        _ => wanted == View.Reader ? Runtime.AnyReader : Runtime.AnyBuilder,
    };

    // A reader knows no builder types of its struct's parameters, nor a builder reader types: there anything has to do.
    private string Parameter(SchemaType type, View wanted)
    {
        foreach (var parameter in self.Parameters)
        {
            if (parameter.ScopeId == type.ParameterScope && parameter.Index == type.ParameterIndex)
            {
                var (reader, builder) = Names(parameter, view);
                return wanted == View.Reader
                    ? HasReader(parameter, view) ? reader : Runtime.AnyReader
                    : HasBuilder(parameter, view) ? builder : Runtime.AnyBuilder;
            }
        }

        return wanted == View.Reader ? Runtime.AnyReader : Runtime.AnyBuilder;
    }

    private string MethodParameter(SchemaType type, View wanted)
    {
        if (type.ParameterIndex >= MethodParameters.Count)
        {
            return wanted == View.Reader ? Runtime.AnyReader : Runtime.AnyBuilder;
        }

        var (reader, builder) = MethodParameters[type.ParameterIndex];
        return wanted == View.Reader ? reader : builder;
    }
}

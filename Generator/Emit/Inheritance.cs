using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Walks what an interface extends, with the type arguments as the interface itself would state them.</summary>
internal static class Inheritance
{
    /// <summary>Every interface above, each once, in the order of the schema's text and after what it extends itself.</summary>
    public static IReadOnlyList<(Symbol Interface, SchemaBrand Brand)> Of(SymbolTable symbols, Symbol symbol)
    {
        var found = new List<(Symbol, SchemaBrand)>();
        Collect(symbols, symbol, brand => brand, found, [symbol.Node.Id]);
        return found;
    }

    /// <summary>A type as it stands inside a declaration, as seen by who refers to that declaration with a brand.</summary>
    public static SchemaType Substitute(SchemaType type, SchemaBrand brand)
    {
        switch (type.Kind)
        {
            case TypeKind.List:
                return type with { Element = Substitute(type.Element!, brand) };
            case TypeKind.Enum or TypeKind.Struct or TypeKind.Interface:
                return type with { Brand = Substitute(type.Brand, brand) };
            case TypeKind.AnyPointer when type.Any == AnyKind.Parameter:
                var scope = brand.Find(type.ParameterScope);
                return scope is null ? new SchemaType(TypeKind.AnyPointer)
                    : scope.Inherit ? type
                    : (type.ParameterIndex < scope.Bindings.Count ? scope.Bindings[type.ParameterIndex] : null)
                        ?? new SchemaType(TypeKind.AnyPointer);
            default:
                return type;
        }
    }

    /// <summary>The same for the arguments of a reference.</summary>
    public static SchemaBrand Substitute(SchemaBrand inner, SchemaBrand outer)
    {
        var scopes = new List<BrandScope>();
        foreach (var scope in inner.Scopes)
        {
            if (!scope.Inherit)
            {
                scopes.Add(scope with { Bindings = [.. scope.Bindings.Select(b => b is null ? null : Substitute(b, outer))] });
            }
            else if (outer.Find(scope.ScopeId) is { } bound)
            {
                scopes.Add(bound);
            }
        }

        return new SchemaBrand(scopes);
    }

    private static void Collect(
        SymbolTable symbols, Symbol symbol, Func<SchemaBrand, SchemaBrand> lift, List<(Symbol, SchemaBrand)> found, HashSet<ulong> seen)
    {
        foreach (var superclass in symbol.Node.Superclasses)
        {
            if (seen.Add(superclass.Id))
            {
                var brand = lift(superclass.Brand);
                var above = symbols[superclass.Id];
                Collect(symbols, above, inner => Substitute(inner, brand), found, seen);
                found.Add((above, brand));
            }
        }
    }
}

using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>A method as an interface offers it: its own, or one of an interface that it extends.</summary>
internal sealed record InterfaceMethod
{
    public required SchemaMethod Method { get; init; }

    /// <summary>The interface that declares it.</summary>
    public required Symbol Owner { get; init; }

    public required SchemaBrand ParamsBrand { get; init; }

    public required SchemaBrand ResultsBrand { get; init; }

    /// <summary>The client's method that fills in and sends; the server's is this with Async.</summary>
    public required string Name { get; init; }

    /// <summary>The client's method that starts a request.</summary>
    public required string Request { get; init; }

    /// <summary>The server's method.</summary>
    public required string Handler { get; init; }

    /// <summary>Whether the interface itself declares it.</summary>
    public required bool IsOwn { get; init; }

    /// <summary>
    /// The methods of an interface with their names: those of the interfaces above first, so that a class that serves it never finds two of
    /// them under one name.
    /// </summary>
    public static IReadOnlyList<InterfaceMethod> Of(SymbolTable symbols, Symbol symbol)
    {
        var taken = new NameSet(Reserved);
        var methods = new List<InterfaceMethod>();
        foreach (var (owner, brand) in Inheritance.Of(symbols, symbol))
        {
            Add(owner, brand, false);
        }

        Add(symbol, null, true);
        return methods;

        void Add(Symbol owner, SchemaBrand? brand, bool isOwn)
        {
            foreach (var method in owner.Node.Methods.OrderBy(m => m.CodeOrder))
            {
                var name = SymbolTable.NameOf(method.Name, method.Annotations);
                while (!taken.IsFree(name) || !taken.IsFree(name + "Request") || !taken.IsFree(name + "Async"))
                {
                    name += "_";
                }

                methods.Add(new InterfaceMethod
                {
                    Method = method,
                    Owner = owner,
                    ParamsBrand = BrandOf(method.ParamsId, method.ParamsBrand, brand),
                    ResultsBrand = BrandOf(method.ResultsId, method.ResultsBrand, brand),
                    Name = taken.Take(name),
                    Request = taken.Take(name + "Request"),
                    Handler = taken.Take(name + "Async"),
                    IsOwn = isOwn,
                });
            }
        }

        // A struct that a method declares has the method's own parameters as its own, and the brand does not say so.
        SchemaBrand BrandOf(ulong id, SchemaBrand own, SchemaBrand? outer)
        {
            var seen = outer is null ? own : Inheritance.Substitute(own, outer);
            var node = symbols[id].Node;
            return node.ScopeId != 0 || node.Parameters.Count == 0 || seen.Find(id) is not null
                ? seen
                : new SchemaBrand([.. seen.Scopes, new BrandScope(id, false, [.. node.Parameters.Select((_, i) => MethodParameter(i))])]);
        }
    }

    private static SchemaType MethodParameter(int index) =>
        new(TypeKind.AnyPointer) { Any = AnyKind.MethodParameter, ParameterIndex = index };

    // What clients and servers have of their own, and what every C# type has.
    private static readonly string[] Reserved =
    [
        "Client", "IServer", "Capability", "InterfaceId", "From", "Serve", "AddRef", "Dispose", "DispatchAsync",
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals",
    ];
}

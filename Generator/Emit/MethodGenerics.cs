using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>The C# type parameters of a method: a pair for each of its implicit parameters.</summary>
internal sealed record MethodGenerics(IReadOnlyList<(string Reader, string Builder)> Names, string List, IReadOnlyList<string> Constraints)
{
    public static MethodGenerics Of(Symbol owner, SchemaMethod method)
    {
        if (method.ImplicitParameters.Count == 0)
        {
            return new MethodGenerics([], "", []);
        }

        var taken = new NameSet(owner.Parameters.Select(p => p.Name));
        var names = new List<(string, string)>();
        var constraints = new List<string>();
        foreach (var parameter in method.ImplicitParameters)
        {
            var plain = Identifiers.Pascal(parameter);
            var name = taken.Take(plain == "T" ? "T" : "T" + plain);
            names.Add((name + "Reader", name + "Builder"));
            constraints.Add($"where {name}Reader : {Runtime.IPointerReader}<{name}Reader>");
            constraints.Add($"where {name}Builder : {Runtime.IPointerBuilder}<{name}Builder>");
        }

        return new MethodGenerics(names, $"<{string.Join(", ", names.Select(n => $"{n.Item1}, {n.Item2}"))}>", constraints);
    }
}

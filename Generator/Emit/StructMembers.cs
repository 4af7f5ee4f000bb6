using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Names the members that a struct's fields turn into.</summary>
internal static class StructMembers
{
    // What reader and builder have of their own, and what every C# type has.
    private static readonly string[] Reserved =
    [
        "Reader", "Builder", "Pipeline", "Raw", "Which", "AsReader",
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals",
    ];

    /// <summary>The members in the order of the schema's text. Properties take their names first, then what is derived from them.</summary>
    public static IReadOnlyList<StructMember> Of(SymbolTable symbols, Symbol symbol)
    {
        var fields = symbol.Node.Fields.OrderBy(f => f.CodeOrder).ToArray();
        var taken = new NameSet(Reserved);
        var tags = new NameSet([]);
        var names = Array.ConvertAll(fields, f => taken.Take(SymbolTable.NameOf(f.Name, f.Annotations)));
        var members = new StructMember[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i];
            members[i] = new StructMember
            {
                Field = field,
                Name = names[i],
                Tag = field.InUnion ? tags.Take(SymbolTable.NameOf(field.Name, field.Annotations)) : "",
                Has = taken.Take("Has" + names[i]),
                Init = taken.Take("Init" + names[i]),
                Set = taken.Take("Set" + names[i]),
                Adopt = taken.Take("Adopt" + names[i]),
                Disown = taken.Take("Disown" + names[i]),
            };
        }

        return members;
    }
}

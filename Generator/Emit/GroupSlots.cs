using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Finds what a group occupies, so that choosing it in a union starts it from zero.</summary>
internal static class GroupSlots
{
    /// <summary>
    /// Statements that clear every slot and tag of the group and the groups in it; fields that share room are cleared once.
    /// </summary>
    public static IEnumerable<string> Clear(SymbolTable symbols, Symbol group)
    {
        var statements = new SortedSet<string>(StringComparer.Ordinal);
        Collect(symbols, group, statements);
        return statements;
    }

    private static void Collect(SymbolTable symbols, Symbol group, SortedSet<string> statements)
    {
        if (group.Node.DiscriminantCount > 0)
        {
            statements.Add($"_raw.SetUInt16({group.Node.DiscriminantOffset}, 0);");
        }

        foreach (var field in group.Node.Fields)
        {
            if (field.IsGroup)
            {
                Collect(symbols, symbols.Inside(field.GroupId, group), statements);
            }
            else if (field.Type.IsPointer)
            {
                statements.Add($"_raw.ClearPointer({field.Offset});");
            }
            else if (Width(field.Type.Kind) is { } width)
            {
                statements.Add($"_raw.Set{width}({field.Offset}, {(width == "Bool" ? "false" : "0")});");
            }
        }
    }

    private static string? Width(TypeKind kind) => kind switch
    {
        TypeKind.Bool => "Bool",
        TypeKind.Int8 or TypeKind.UInt8 => "UInt8",
        TypeKind.Int16 or TypeKind.UInt16 or TypeKind.Enum => "UInt16",
        TypeKind.Int32 or TypeKind.UInt32 or TypeKind.Float32 => "UInt32",
        TypeKind.Int64 or TypeKind.UInt64 or TypeKind.Float64 => "UInt64",
        _ => null,
    };
}

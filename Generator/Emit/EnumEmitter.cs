using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Writes enums. A number that the schema does not know yet survives as itself.</summary>
internal static class EnumEmitter
{
    public static void Emit(CodeWriter code, Symbol symbol, string access)
    {
        code.Blank();
        DocWriter.Summary(code, symbol.Node.Doc, $"The enum {symbol.Node.Name}.");
        code.Open($"{access} enum {symbol.Name} : ushort");
        var names = new NameSet([]);
        var chosen = new string[symbol.Node.Enumerants.Count];
        foreach (var enumerant in symbol.Node.Enumerants)
        {
            chosen[enumerant.Ordinal] = names.Take(SymbolTable.NameOf(enumerant.Name, enumerant.Annotations));
        }

        foreach (var enumerant in symbol.Node.Enumerants.OrderBy(e => e.CodeOrder))
        {
            DocWriter.Summary(code, enumerant.Doc, $"The value {enumerant.Name}.");
            code.Line($"{chosen[enumerant.Ordinal]} = {enumerant.Ordinal},");
            code.Blank();
        }

        code.Close();
    }
}

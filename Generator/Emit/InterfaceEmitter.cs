using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>
/// Writes an interface: a static class that holds its client, its server, the structs of its methods and what is declared inside it.
/// </summary>
internal sealed class InterfaceEmitter(CodeWriter code, SymbolTable symbols, Symbol symbol)
{
    public void Emit(string access)
    {
        var methods = InterfaceMethod.Of(symbols, symbol);
        code.Blank();
        DocWriter.Summary(code, symbol.Node.Doc, $"The interface {symbol.Node.Name}.");
        code.Open($"{access} static class {symbol.Name}");
        DocWriter.Summary(code, null, "The id of the interface.");
        code.Line($"public const ulong TypeId = 0x{symbol.Node.Id:x16}UL;");
        new ClientEmitter(code, symbols, symbol, methods).Emit();
        new ServerEmitter(code, symbols, symbol, methods).Emit();
        foreach (var nested in symbol.Node.Nested)
        {
            FileEmitter.Declaration(code, symbols, symbols.Inside(nested.Id, symbol), "public");
        }

        foreach (var id in MethodStructs())
        {
            new StructEmitter(code, symbols, symbols[id]).Emit("public");
        }

        code.Close();
    }

    /// <summary>The structs that the methods' own parameter and result lists declare, each once.</summary>
    private IEnumerable<ulong> MethodStructs()
    {
        var seen = new HashSet<ulong>();
        foreach (var method in symbol.Node.Methods.OrderBy(m => m.CodeOrder))
        {
            foreach (var id in (ulong[])[method.ParamsId, method.ResultsId])
            {
                if (symbols[id].Parent == symbol && symbols[id].Node.ScopeId == 0
                    && symbols[id].Node.Kind == NodeKind.Struct && seen.Add(id))
                {
                    yield return id;
                }
            }
        }
    }
}

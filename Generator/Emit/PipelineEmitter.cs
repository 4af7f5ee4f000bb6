using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Writes what can be called inside a struct that is still on its way: only for structs that hold capabilities.</summary>
internal sealed class PipelineEmitter(CodeWriter code, SymbolTable symbols, Symbol symbol, IReadOnlyList<StructMember> members)
{
    private readonly TypeNames _types = new(symbols, symbol, View.Reader);

    /// <summary>Whether a struct has a pipeline.</summary>
    public static bool IsWanted(SymbolTable symbols, Symbol symbol) => IsWanted(symbols, symbol, []);

    public void Emit()
    {
        var self = "Pipeline" + TypeNames.ParameterList(symbol, View.Reader);
        code.Blank();
        DocWriter.Summary(code, null, $"The capabilities in a {symbol.Name} that is still on its way.");
        code.Line($"public readonly struct {self} : {Runtime.Rpc}.IPipeline<{self}>");
        foreach (var constraint in TypeNames.Constraints(symbol, View.Reader))
        {
            code.Continued(constraint);
        }

        code.OpenBlock();
        code.Line($"private readonly {Runtime.Rpc}.Answer _answer;");
        code.Line($"private readonly {Runtime.Rpc}.PipelinePath _path;");
        code.Blank();
        DocWriter.Summary(code, null, "The struct at a path of an answer's results.");
        code.Open($"public Pipeline({Runtime.Rpc}.Answer answer, {Runtime.Rpc}.PipelinePath path)");
        code.Line("_answer = answer;");
        code.Line("_path = path;");
        code.Close();
        foreach (var member in members)
        {
            EmitMember(member);
        }

        code.Line(
            $"static {self} {Runtime.Rpc}.IPipeline<{self}>.Of("
                + $"{Runtime.Rpc}.Answer answer, {Runtime.Rpc}.PipelinePath path) => new(answer, path);");
        code.Close();
    }

    private static bool IsWanted(SymbolTable symbols, Symbol symbol, HashSet<ulong> seen)
    {
        if (!seen.Add(symbol.Node.Id))
        {
            return false;
        }

        foreach (var field in symbol.Node.Fields)
        {
            var inner = field.IsGroup ? field.GroupId : field.Type.Kind == TypeKind.Struct ? field.Type.TypeId : 0;
            if ((inner != 0 && IsWanted(symbols, symbols[inner], seen)) || (!field.IsGroup && IsCapability(field.Type, symbol)))
            {
                return true;
            }
        }

        return false;
    }

    // Anything may be a capability, but only the structs of methods are sure to stand beside the RPC runtime.
    private static bool IsCapability(SchemaType type, Symbol holder) =>
        type.Kind == TypeKind.Interface ||
        (type.Kind == TypeKind.AnyPointer && (type.Any == AnyKind.Capability ||
            (type.Any is AnyKind.Anything or AnyKind.Parameter or AnyKind.MethodParameter && IsOfMethod(holder))));

    private static bool IsOfMethod(Symbol symbol) => symbol.Node.ScopeId == 0;

    private void EmitMember(StructMember member)
    {
        var field = member.Field;
        var summary = $"The field {field.Name}.";
        if (field.IsGroup)
        {
            var group = symbols[field.GroupId];
            if (IsWanted(symbols, group))
            {
                var type = $"{group.FullName}.Pipeline{TypeNames.ParameterList(group, View.Reader)}";
                Property(member, type, "new(_answer, _path)", summary);
            }
        }
        else if (field.Type.Kind == TypeKind.Struct && IsWanted(symbols, symbols[field.Type.TypeId]))
        {
            Property(member, _types.PipelineOf(field.Type), $"new(_answer, _path.Field({field.Offset}))", summary);
        }
        else if (field.Type.Kind == TypeKind.Interface)
        {
            Property(member, _types.Reader(field.Type), $"new(_answer.GetCapability(_path.Field({field.Offset})))", summary);
        }
        else if (IsCapability(field.Type, symbol))
        {
            Property(member, Runtime.Capability, $"_answer.GetCapability(_path.Field({field.Offset}))", summary);
        }
    }

    private void Property(StructMember member, string type, string value, string summary)
    {
        DocWriter.Summary(code, member.Field.Doc, summary);
        code.Line($"public {type} {member.Name} => {value};");
        code.Blank();
    }
}

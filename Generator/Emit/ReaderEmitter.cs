using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Writes the reader of a struct.</summary>
internal sealed class ReaderEmitter(CodeWriter code, SymbolTable symbols, Symbol symbol, IReadOnlyList<StructMember> members)
{
    private readonly TypeNames _types = new(symbols, symbol, View.Reader);

    public void Emit()
    {
        var self = "Reader" + TypeNames.ParameterList(symbol, View.Reader);
        code.Blank();
        DocWriter.Summary(code, null, $"Reads {symbol.Name}. Valid as long as its message is.");
        code.Line($"public readonly struct {self} : {Runtime.IStructReader}<{self}>");
        foreach (var constraint in TypeNames.Constraints(symbol, View.Reader))
        {
            code.Continued(constraint);
        }

        code.OpenBlock();
        code.Line($"private readonly {Runtime.StructReader} _raw;");
        code.Blank();
        DocWriter.Summary(code, null, "Looks at a struct as this type.");
        code.Line($"public Reader({Runtime.StructReader} raw) => _raw = raw;");
        code.Blank();
        DocWriter.Summary(code, null, "The struct without its type.");
        code.Line($"public {Runtime.StructReader} Raw => _raw;");
        code.Blank();
        if (symbol.Node.DiscriminantCount > 0)
        {
            DocWriter.Summary(code, null, "Which member of the union is set.");
            code.Line(
                $"public {symbol.FullName}.Which Which => ({symbol.FullName}.Which)_raw.GetUInt16({symbol.Node.DiscriminantOffset});");
            code.Blank();
        }

        foreach (var member in members)
        {
            EmitMember(member);
            code.Blank();
        }

        code.Line($"static {self} {Runtime.IStructReader}<{self}>.Wrap({Runtime.StructReader} raw) => new(raw);");
        code.Blank();
        code.Line($"static {self} {Runtime.IPointerReader}<{self}>.Read({Runtime.AnyReader} pointer) => new(pointer.GetStruct());");
        code.Close();
    }

    private void EmitMember(StructMember member)
    {
        var field = member.Field;
        if (field.IsGroup)
        {
            var group = TypeNames.Own(symbols[field.GroupId], View.Reader);
            DocWriter.Summary(code, field.Doc, $"The group {field.Name}.");
            code.Line($"public {group} {member.Name} => new(_raw);");
        }
        else if (field.Type.IsPointer)
        {
            EmitPointer(member);
        }
        else if (field.Type.Kind != TypeKind.Void)
        {
            DocWriter.Summary(code, field.Doc, $"The field {field.Name}.");
            code.Line($"public {_types.Scalar(field.Type)} {member.Name} => {Runtime.GetScalar(_types, field)};");
        }
    }

    private void EmitPointer(StructMember member)
    {
        var field = member.Field;
        var type = _types.Reader(field.Type);
        DocWriter.Summary(code, null, $"Whether {field.Name} is set.");
        code.Line($"public bool {member.Has} => {Runtime.InThisArm(symbol.Node, field)}_raw.HasPointer({field.Offset});");
        code.Blank();
        DocWriter.Summary(code, field.Doc, $"The field {field.Name}.");
        code.Line($"public {type} {member.Name} => {Runtime.ReadPointer(field, type)};");
    }
}

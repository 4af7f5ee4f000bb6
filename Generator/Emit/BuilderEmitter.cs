using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Writes the builder of a struct.</summary>
internal sealed class BuilderEmitter(CodeWriter code, SymbolTable symbols, Symbol symbol, IReadOnlyList<StructMember> members)
{
    private readonly TypeNames _types = new(symbols, symbol, View.Builder);

    public void Emit()
    {
        var node = symbol.Node;
        var self = "Builder" + TypeNames.ParameterList(symbol, View.Builder);
        code.Blank();
        DocWriter.Summary(code, null, $"Writes {symbol.Name}. Valid as long as its message is.");
        code.Line($"public readonly struct {self} : {Runtime.IStructBuilder}<{self}>");
        foreach (var constraint in TypeNames.Constraints(symbol, View.Builder))
        {
            code.Continued(constraint);
        }

        code.OpenBlock();
        code.Line($"private readonly {Runtime.StructBuilder} _raw;");
        code.Blank();
        DocWriter.Summary(code, null, "Looks at a struct as this type; it must have room for all fields.");
        code.Line($"public Builder({Runtime.StructBuilder} raw) => _raw = raw;");
        code.Blank();
        DocWriter.Summary(code, null, "The struct without its type.");
        code.Line($"public {Runtime.StructBuilder} Raw => _raw;");
        code.Blank();
        if (node.DiscriminantCount > 0)
        {
            DocWriter.Summary(code, null, "Which member of the union is set.");
            code.Line($"public {symbol.FullName}.Which Which => ({symbol.FullName}.Which)_raw.GetUInt16({node.DiscriminantOffset});");
            code.Blank();
        }

        foreach (var member in members)
        {
            EmitMember(member);
            code.Blank();
        }

        EmitAsReader();
        code.Line($"static {Runtime.StructSize} {Runtime.IStructBuilder}<{self}>.Size => new({node.DataWords}, {node.Pointers});");
        code.Blank();
        code.Line($"static {self} {Runtime.IStructBuilder}<{self}>.Wrap({Runtime.StructBuilder} raw) => new(raw);");
        code.Blank();
        code.Line(
            $"static {self} {Runtime.IPointerBuilder}<{self}>.Get({Runtime.AnyBuilder} pointer) "
                + $"=> new(pointer.GetStruct(new({node.DataWords}, {node.Pointers})));");
        code.Close();
    }

    // A builder does not know the reader types of its struct's parameters; who asks does.
    private void EmitAsReader()
    {
        var own = symbol.Parameters.Where(p => !p.OfInterface).Select(p => p.Name + "Reader").ToArray();
        var arguments = symbol.Parameters
            .SelectMany(p => p.OfInterface ? [p.Name + "Reader", p.Name + "Builder"] : (string[])[p.Name + "Reader"])
            .ToArray();
        var reader = $"{symbol.FullName}.Reader{(arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments)}>")}";
        DocWriter.Summary(code, null, "What has been written so far.");
        if (own.Length == 0)
        {
            code.Line($"public {reader} AsReader() => new(_raw.AsReader());");
        }
        else
        {
            code.Line($"public {reader} AsReader<{string.Join(", ", own)}>()");
            for (var i = 0; i < own.Length; i++)
            {
                code.Continued(
                    $"where {own[i]} : {Runtime.IPointerReader}<{own[i]}>{(i == own.Length - 1 ? " => new(_raw.AsReader());" : "")}");
            }
        }

        code.Blank();
    }

    private void EmitMember(StructMember member)
    {
        var field = member.Field;
        if (field.IsGroup)
        {
            EmitGroup(member);
        }
        else if (field.Type.IsPointer)
        {
            EmitPointer(member);
        }
        else if (field.Type.Kind == TypeKind.Void)
        {
            if (field.InUnion)
            {
                DocWriter.Summary(code, field.Doc, $"Sets the union to {field.Name}.");
                code.Line($"public void {member.Set}() => {SetTag(member)};");
            }
        }
        else
        {
            EmitScalar(member);
        }
    }

    private void EmitScalar(StructMember member)
    {
        var field = member.Field;
        DocWriter.Summary(code, field.Doc, $"The field {field.Name}.");
        code.Open($"public {_types.Scalar(field.Type)} {member.Name}");
        code.Line($"get => {Runtime.GetScalar(_types, field)};");
        if (field.InUnion)
        {
            code.Open("set");
            code.Line(SetTag(member) + ";");
            code.Line(Runtime.SetScalar(field) + ";");
            code.Close();
        }
        else
        {
            code.Line($"set => {Runtime.SetScalar(field)};");
        }

        code.Close();
    }

    private void EmitGroup(StructMember member)
    {
        var field = member.Field;
        var group = symbols[field.GroupId];
        var type = TypeNames.Own(group, View.Builder);
        DocWriter.Summary(code, field.Doc, $"The group {field.Name}.");
        code.Line($"public {type} {member.Name} => new(_raw);");
        if (!field.InUnion)
        {
            return;
        }

        code.Blank();
        DocWriter.Summary(code, field.Doc, $"Sets the union to {field.Name} and clears the group.");
        code.Open($"public {type} {member.Init}()");
        code.Line(SetTag(member) + ";");
        foreach (var clear in GroupSlots.Clear(symbols, group))
        {
            code.Line(clear);
        }

        code.Line("return new(_raw);");
        code.Close();
    }

    private void EmitPointer(StructMember member)
    {
        var field = member.Field;
        var type = _types.Builder(field.Type);
        DocWriter.Summary(code, null, $"Whether {field.Name} is set.");
        code.Line($"public bool {member.Has} => {Runtime.InThisArm(symbol.Node, field)}_raw.HasPointer({field.Offset});");
        code.Blank();
        DocWriter.Summary(code, field.Doc, $"The field {field.Name}.");
        code.Line($"public {type} {member.Name} => {Runtime.GetPointer(field, type)};");
        code.Blank();
        EmitPointerSetters(member, type);
        EmitOrphans(member);
    }

    private void EmitPointerSetters(StructMember member, string type)
    {
        var pointer = $"_raw.GetPointer({member.Field.Offset})";
        switch (member.Field.Type.Kind)
        {
            case TypeKind.Text:
                Setter(member, "global::System.ReadOnlySpan<char> value", pointer + ".SetText(value)", "Copies text in.");
                Setter(member, "global::System.ReadOnlySpan<byte> value", pointer + ".SetText(value)", "Copies text in, given in UTF-8.");
                break;
            case TypeKind.Data:
                Setter(member, "global::System.ReadOnlySpan<byte> value", pointer + ".SetData(value)", "Copies bytes in.");
                Init(member, type, "int count", $"{pointer}.Init<{type}>(count)", "Makes room for bytes, all zero.");
                break;
            case TypeKind.List:
                Setter(member, $"{_types.Reader(member.Field.Type)} value", pointer + ".Set(value)", "Copies a list in.");
                Init(member, type, "int count", $"{pointer}.Init<{type}>(count)", "Makes a new list, all zero.");
                break;
            case TypeKind.Struct:
                Setter(member, $"{_types.Reader(member.Field.Type)} value", pointer + ".Set(value.Raw)", "Copies a struct in.");
                Init(member, type, "", $"{pointer}.Init<{type}>()", "Makes a new struct, all zero.");
                break;
            case TypeKind.Interface:
                Setter(member, $"{type} value", $"{Runtime.Capability}.Write({pointer}, value.Capability)",
                    "Puts a capability in; the message takes a reference of its own.");
                break;
            default:
                EmitAnySetters(member, pointer);
                break;
        }
    }

    private void EmitOrphans(StructMember member)
    {
        if (member.Field.Type.Kind == TypeKind.Interface || member.Field.Type.Any == AnyKind.Capability)
        {
            return;
        }

        var pointer = $"_raw.GetPointer({member.Field.Offset})";
        Setter(member, $"{Runtime.Orphan} value", pointer + ".Adopt(value)",
            "Puts in what was taken out elsewhere in this message, without a copy.", member.Adopt);
        DocWriter.Summary(code, null, "Takes out what is there, to be put in elsewhere or disposed.");
        code.Line($"public {Runtime.Orphan} {member.Disown}() => {pointer}.Disown();");
        code.Blank();
    }

    private void EmitAnySetters(StructMember member, string pointer)
    {
        if (member.Field.Type.Any == AnyKind.Capability)
        {
            Setter(member, $"{Runtime.Capability} value", $"{Runtime.Capability}.Write({pointer}, value)",
                "Puts a capability in; the message takes a reference of its own.");
            return;
        }

        DocWriter.Summary(code, null, "Makes the pointer null and returns it, to be set to anything.");
        code.Open($"public {Runtime.AnyBuilder} {member.Init}()");
        if (member.Field.InUnion)
        {
            code.Line(SetTag(member) + ";");
        }

        code.Line($"var pointer = {pointer};");
        code.Line("pointer.Clear();");
        code.Line("return pointer;");
        code.Close();
    }

    private void Setter(StructMember member, string parameter, string call, string summary, string? name = null)
    {
        name ??= member.Set;
        DocWriter.Summary(code, null, summary);
        if (member.Field.InUnion)
        {
            code.Open($"public void {name}({parameter})");
            code.Line(SetTag(member) + ";");
            code.Line(call + ";");
            code.Close();
        }
        else
        {
            code.Line($"public void {name}({parameter}) => {call};");
        }

        code.Blank();
    }

    private void Init(StructMember member, string type, string parameter, string value, string summary)
    {
        DocWriter.Summary(code, null, summary);
        if (member.Field.InUnion)
        {
            code.Open($"public {type} {member.Init}({parameter})");
            code.Line(SetTag(member) + ";");
            code.Line($"return {value};");
            code.Close();
        }
        else
        {
            code.Line($"public {type} {member.Init}({parameter}) => {value};");
        }

        code.Blank();
    }

    private string SetTag(StructMember member) => $"_raw.SetUInt16({symbol.Node.DiscriminantOffset}, {member.Field.Discriminant})";
}

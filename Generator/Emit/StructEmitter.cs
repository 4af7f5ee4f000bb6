using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Writes a struct or group: a static class that holds its reader, its builder, and what is declared inside it.</summary>
internal sealed class StructEmitter(CodeWriter code, SymbolTable symbols, Symbol symbol)
{
    private readonly SchemaNode _node = symbol.Node;

    public void Emit(string access)
    {
        code.Blank();
        DocWriter.Summary(code, DocOf(), _node.IsGroup ? $"The group {symbol.Name}." : $"The struct {_node.Name}.");
        code.Open($"{access} static class {symbol.Name}");
        DocWriter.Summary(code, null, "The id of the type.");
        code.Line($"public const ulong TypeId = 0x{_node.Id:x16}UL;");
        var members = StructMembers.Of(symbols, symbol);
        EmitDefaults();
        if (_node.DiscriminantCount > 0)
        {
            EmitWhich(members);
        }

        new ReaderEmitter(code, symbols, symbol, members).Emit();
        new BuilderEmitter(code, symbols, symbol, members).Emit();
        if (PipelineEmitter.IsWanted(symbols, symbol))
        {
            new PipelineEmitter(code, symbols, symbol, members).Emit();
        }

        foreach (var nested in _node.Nested)
        {
            FileEmitter.Declaration(code, symbols, symbols.Inside(nested.Id, symbol), "public");
        }

        foreach (var member in members)
        {
            if (member.Field.IsGroup)
            {
                new StructEmitter(code, symbols, symbols.Inside(member.Field.GroupId, symbol)).Emit("public");
            }
        }

        code.Close();
    }

    // The comment on a group stands at its field.
    private string? DocOf()
    {
        if (!_node.IsGroup || symbol.Parent is null)
        {
            return _node.Doc;
        }

        foreach (var field in symbol.Parent.Node.Fields)
        {
            if (field.GroupId == _node.Id)
            {
                return field.Doc ?? _node.Doc;
            }
        }

        return _node.Doc;
    }

    // What pointers hold until they are set stands beside reader and builder, so that it is made once even if they are generic.
    private void EmitDefaults()
    {
        foreach (var field in _node.Fields)
        {
            if (field.HasPointerDefault)
            {
                code.Blank();
                code.Line(
                    $"private static readonly {Runtime.PointerDefault} "
                        + $"{Runtime.DefaultName(field)} = new([{Literals.Bytes(field.Default.Segment())}]);");
            }
        }
    }

    private void EmitWhich(IReadOnlyList<StructMember> members)
    {
        code.Blank();
        DocWriter.Summary(code, null,
            $"Which member of the union in {symbol.Name} is set; a value that is not listed comes from a later version of the schema.");
        code.Open("public enum Which : ushort");
        foreach (var member in members)
        {
            if (member.Field.InUnion)
            {
                DocWriter.Summary(code, member.Field.Doc, $"The member {member.Field.Name}.");
                code.Line($"{member.Tag} = {member.Field.Discriminant},");
                code.Blank();
            }
        }

        code.Close();
    }
}

using Wetware.Capnp.Dynamic;

namespace Wetware.Capnp.Text;

/// <summary>Reads values in the schema language's notation. A mutable value, used once.</summary>
internal ref struct TextParser(string text)
{
    private TextLexer _lexer = new(text);

    public void Struct(DynamicStructBuilder target, int depth)
    {
        if (depth > TextCodec.DepthMax)
        {
            throw new SchemaException("the text is nested too deeply");
        }

        _lexer.Expect('(');
        while (!_lexer.TryTake(')'))
        {
            var field = target.Schema.GetField(_lexer.Identifier());
            _lexer.Expect('=');
            Field(target, field, depth + 1);
            if (!_lexer.TryTake(','))
            {
                _lexer.Expect(')');
                break;
            }
        }
    }

    public void End() => _lexer.ExpectEnd();

    private void Field(DynamicStructBuilder target, FieldSchema field, int depth)
    {
        var type = target.TypeOf(field);
        if (type.Kind == TypeKind.Struct)
        {
            Struct(target.InitStruct(field), depth);
        }
        else if (type.IsPointer)
        {
            Pointer(type, target.GetPointer(field), depth);
        }
        else
        {
            target.SetBits(field, Scalar(type));
        }
    }

    private void Pointer(TypeSchema type, PointerBuilder target, int depth)
    {
        switch (type.Kind)
        {
            case TypeKind.Text:
                target.SetText(_lexer.Quoted());
                break;
            case TypeKind.Data:
                target.SetData(_lexer.Bytes());
                break;
            case TypeKind.List:
                List(type.Element!, target, depth + 1);
                break;
            default:
                throw new SchemaException($"a value of type {type.Kind} cannot be read from text");
        }
    }

    private void List(TypeSchema element, PointerBuilder target, int depth)
    {
        if (depth > TextCodec.DepthMax)
        {
            throw new SchemaException("the text is nested too deeply");
        }

        // The elements are counted first, so that the list is made once and of the right size.
        _lexer.Expect('[');
        var start = _lexer;
        var count = _lexer.SkipElements();
        var end = _lexer;
        _lexer = start;
        var list = DynamicListBuilder.Init(element, target, count);
        for (var i = 0; i < count; i++)
        {
            Element(list, i, depth);
            if (!_lexer.TryTake(','))
            {
                break;
            }
        }

        _lexer.Expect(']');
        if (_lexer.Position != end.Position)
        {
            throw new SchemaException("a list is malformed");
        }
    }

    private void Element(DynamicListBuilder list, int index, int depth)
    {
        if (list.Element.Kind == TypeKind.Struct)
        {
            Struct(list.GetStruct(index), depth);
        }
        else if (list.Element.IsPointer)
        {
            Pointer(list.Element, list.GetPointer(index), depth);
        }
        else
        {
            list.SetBits(index, Scalar(list.Element));
        }
    }

    private ulong Scalar(TypeSchema type)
    {
        if (type.Kind == TypeKind.Enum && _lexer.TryTake('('))
        {
            // A number that the schema did not know when it was printed.
            var number = ScalarText.Parse(_lexer.Word(), TypeKind.UInt16);
            _lexer.Expect(')');
            return number;
        }

        var word = _lexer.Word();
        switch (type.Kind)
        {
            case TypeKind.Void:
                return word == "void" ? 0UL : throw new SchemaException($"'{word}' is not void");
            case TypeKind.Bool:
                return word switch
                {
                    "true" => 1UL,
                    "false" => 0UL,
                    _ => throw new SchemaException($"'{word}' is neither true nor false"),
                };
            case TypeKind.Enum:
                return type.Enum.TryGetValue(word, out var value) ? value : throw new SchemaException($"{type.Enum} has no value '{word}'");
            default:
                return ScalarText.Parse(word, type.Kind);
        }
    }
}

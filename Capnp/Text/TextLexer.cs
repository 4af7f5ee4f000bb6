using System.Text;
using Wetware.Capnp.Dynamic;

namespace Wetware.Capnp.Text;

/// <summary>Takes the schema language's values apart. A mutable value: a copy is a place to come back to.</summary>
internal struct TextLexer(string text)
{
    /// <summary>Where it stands.</summary>
    public int Position { get; private set; }

    public void Expect(char wanted)
    {
        if (!TryTake(wanted))
        {
            throw Bad($"'{wanted}' was expected");
        }
    }

    public void ExpectEnd()
    {
        Skip();
        if (Position < text.Length)
        {
            throw Bad("nothing more was expected");
        }
    }

    public bool TryTake(char wanted)
    {
        Skip();
        if (Position >= text.Length || text[Position] != wanted)
        {
            return false;
        }

        Position++;
        return true;
    }

    public string Identifier()
    {
        var word = Word();
        return char.IsAsciiLetter(word[0]) ? word : throw Bad("a name was expected");
    }

    /// <summary>A name or a number.</summary>
    public string Word()
    {
        Skip();
        var start = Position;
        while (Position < text.Length && (char.IsAsciiLetterOrDigit(text[Position]) || text[Position] is '_' or '.' or '-' or '+'))
        {
            Position++;
        }

        return Position > start ? text[start..Position] : throw Bad("a value was expected");
    }

    /// <summary>A string as UTF-8.</summary>
    public byte[] Quoted()
    {
        Expect('"');
        var bytes = new List<byte>();
        var run = Position;
        while (true)
        {
            if (Position >= text.Length)
            {
                throw Bad("a string does not end");
            }

            var c = text[Position];
            if (c is '"' or '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[run..Position]));
                Position++;
                if (c == '"')
                {
                    return [.. bytes];
                }

                bytes.Add(Escape());
                run = Position;
            }
            else
            {
                Position++;
            }
        }
    }

    /// <summary>Bytes: a string, or 0x"..." with hexadecimal digits.</summary>
    public byte[] Bytes()
    {
        Skip();
        if (!text.AsSpan(Position).StartsWith("0x\"", StringComparison.Ordinal))
        {
            return Quoted();
        }

        Position += 2;
        try
        {
            return Convert.FromHexString(Encoding.UTF8.GetString(Quoted()).Replace(" ", "", StringComparison.Ordinal));
        }
        catch (FormatException error)
        {
            throw new SchemaException("data is no hexadecimal", error);
        }
    }

    /// <summary>Goes to behind the bracket that closes a list, and counts its elements on the way.</summary>
    public int SkipElements()
    {
        if (TryTake(']'))
        {
            return 0;
        }

        var count = 1;
        for (var depth = 0; ; Position++)
        {
            if (Position >= text.Length)
            {
                throw Bad("a list does not end");
            }

            switch (text[Position])
            {
                case '[' or '(':
                    depth++;
                    break;
                case ']' when depth == 0:
                    Position++;
                    return count;
                case ']' or ')':
                    depth--;
                    break;
                case ',' when depth == 0:
                    count++;
                    break;
                case '"':
                    SkipQuoted();
                    break;
                default:
                    break;
            }
        }
    }

    // Leaves the position on the closing quote.
    private void SkipQuoted()
    {
        for (Position++; Position < text.Length && text[Position] != '"'; Position++)
        {
            if (text[Position] == '\\')
            {
                Position++;
            }
        }
    }

    private byte Escape()
    {
        var c = Position < text.Length ? text[Position++] : throw Bad("a string does not end");
        switch (c)
        {
            case 'n':
                return (byte)'\n';
            case 'r':
                return (byte)'\r';
            case 't':
                return (byte)'\t';
            case 'a':
                return 7;
            case 'b':
                return 8;
            case 'v':
                return 11;
            case 'f':
                return 12;
            case 'x':
                return Digits(2, 16);
            case >= '0' and <= '7':
                Position--;
                return Digits(3, 8);
            default:
                return c < 128 ? (byte)c : throw Bad("an escape is not known");
        }
    }

    private byte Digits(int most, int radix)
    {
        var value = 0;
        var start = Position;
        while (Position < text.Length && Position - start < most && char.IsAsciiHexDigit(text[Position])
            && Convert.ToInt32(text[Position].ToString(), 16) < radix)
        {
            value = (value * radix) + Convert.ToInt32(text[Position++].ToString(), 16);
        }

        return Position > start && value < 256 ? (byte)value : throw Bad("an escape is malformed");
    }

    private void Skip()
    {
        while (Position < text.Length && char.IsWhiteSpace(text[Position]))
        {
            Position++;
        }
    }

    private readonly SchemaException Bad(string what) => new($"at {Position}: {what}");
}

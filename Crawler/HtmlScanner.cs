using System.Buffers;

namespace Wetware.Crawler;

/// <summary>
/// Walks through the start tags of an HTML text after the tokenization rules of WHATWG HTML, section 13.2.5, as far as they decide
/// what is a tag: comments, raw text, script data and attribute values hide tags as they do in a browser. One pass, no recursion, nothing
/// kept but positions, so that no page can make it slow or deep.
/// </summary>
internal ref struct HtmlScanner(ReadOnlySpan<char> text)
{
    private static readonly SearchValues<char> TagNameEnd = SearchValues.Create(" \t\n\f\r/>");
    private static readonly SearchValues<char> AttributeNameEnd = SearchValues.Create(" \t\n\f\r/>=");
    private static readonly SearchValues<char> UnquotedEnd = SearchValues.Create(" \t\n\f\r>");
    private static readonly SearchValues<char> White = SearchValues.Create(" \t\n\f\r");

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private Range _rawTextOf;

    /// <summary>The start tag found last; its attributes are positions in the text.</summary>
    public HtmlTag Tag { get; private set; }

    /// <summary>Goes to the next start tag. False at the end.</summary>
    public bool MoveNext()
    {
        SkipRawText();
        while (true)
        {
            var next = _text[_at..].IndexOf('<');
            if (next < 0 || _at + next + 1 >= _text.Length)
            {
                _at = _text.Length;
                return false;
            }

            _at += next + 1;
            var character = _text[_at];
            if (char.IsAsciiLetter(character))
            {
                if (ReadTag())
                {
                    _rawTextOf = RawText.IsOne(_text[Tag.Name]) ? Tag.Name : default;
                    return true;
                }
            }
            else if (character == '!' && _text[_at..].StartsWith("!--"))
            {
                SkipComment();
            }
            else if (character == '/')
            {
                SkipEndTag();
            }
            else if (character is '!' or '?')
            {
                SkipPast('>');
            }
        }
    }

    /// <summary>The text of the element whose start tag was found last, for those whose content is text only.</summary>
    public readonly ReadOnlySpan<char> TextContent()
    {
        var rest = _text[_at..];
        return rest[..RawText.EndOf(rest, _text[_rawTextOf])];
    }

    private void SkipRawText()
    {
        var name = _text[_rawTextOf];
        if (!name.IsEmpty)
        {
            _at += RawText.EndOf(_text[_at..], name);
            _rawTextOf = default;
        }
    }

    private void SkipComment()
    {
        _at += 3;
        var rest = _text[_at..];
        if (rest.StartsWith(">") || rest.StartsWith("->"))
        {
            SkipPast('>');
            return;
        }

        while (true)
        {
            var dashes = _text[_at..].IndexOf("--");
            if (dashes < 0)
            {
                _at = _text.Length;
                return;
            }

            _at += dashes;
            rest = _text[(_at + 2)..];
            if (rest.StartsWith(">") || rest.StartsWith("!>"))
            {
                SkipPast('>');
                return;
            }

            _at++;
        }
    }

    private void SkipEndTag()
    {
        if (_at + 1 < _text.Length && char.IsAsciiLetter(_text[_at + 1]))
        {
            _at++;
            ReadTag();
        }
        else
        {
            SkipPast('>');
        }
    }

    private void SkipPast(char character)
    {
        var end = _text[_at..].IndexOf(character);
        _at = end < 0 ? _text.Length : _at + end + 1;
    }

    /// <summary>Reads a tag from its name on. False if the text ends inside it: then there is no tag.</summary>
    private bool ReadTag()
    {
        var start = _at;
        if (!MoveTo(TagNameEnd))
        {
            return false;
        }

        var tag = new HtmlTag { Name = start.._at };
        while (_at < _text.Length)
        {
            var character = _text[_at];
            if (character == '>')
            {
                _at++;
                Tag = tag;
                return true;
            }

            if (character == '/' || White.Contains(character))
            {
                _at++;
            }
            else if (!ReadAttribute(ref tag))
            {
                return false;
            }
        }

        return false;
    }

    private bool ReadAttribute(ref HtmlTag tag)
    {
        var start = _at;
        _at++; // An equals sign here belongs to the name.
        if (!MoveTo(AttributeNameEnd))
        {
            return false;
        }

        var name = start.._at;
        SkipWhite();
        if (_at >= _text.Length)
        {
            return false;
        }

        if (_text[_at] != '=')
        {
            tag.Set(_text[name], _at.._at); // An attribute without a value has an empty one.
            return true;
        }

        _at++;
        SkipWhite();
        if (_at >= _text.Length)
        {
            return false;
        }

        var quote = _text[_at];
        start = quote is '"' or '\'' ? _at + 1 : _at;
        var length = quote is '"' or '\'' ? _text[start..].IndexOf(quote) : _text[start..].IndexOfAny(UnquotedEnd);
        if (length < 0)
        {
            _at = _text.Length;
            return false;
        }

        tag.Set(_text[name], start..(start + length));
        _at = start + length + (quote is '"' or '\'' ? 1 : 0);
        return true;
    }

    private bool MoveTo(SearchValues<char> end)
    {
        var length = _text[_at..].IndexOfAny(end);
        _at = length < 0 ? _text.Length : _at + length;
        return length >= 0;
    }

    private void SkipWhite()
    {
        var length = _text[_at..].IndexOfAnyExcept(White);
        _at = length < 0 ? _text.Length : _at + length;
    }
}

using System.Text;

namespace Wetware.Generator.Emit;

/// <summary>Writes indented lines; the same calls always give the same text.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;
    private bool _blankWanted;
    private bool _justOpened = true;

    /// <summary>Writes one line at the current indentation.</summary>
    public void Line(string line)
    {
        if (_blankWanted && !_justOpened)
        {
            _text.Append('\n');
        }

        _blankWanted = false;
        _justOpened = false;
        if (line.Length > 0)
        {
            // Preprocessor lines stand at the margin.
            _text.Append(' ', line[0] == '#' ? 0 : _indent * 4).Append(line);
        }

        _text.Append('\n');
    }

    /// <summary>Asks for an empty line before the next one, unless that one is the first of its block or the block ends.</summary>
    public void Blank() => _blankWanted = true;

    /// <summary>Writes a head line and opens a block.</summary>
    public void Open(string head)
    {
        Line(head);
        OpenBlock();
    }

    /// <summary>Opens a block whose head has been written.</summary>
    public void OpenBlock()
    {
        Line("{");
        _indent++;
        _justOpened = true;
    }

    /// <summary>Closes the innermost block.</summary>
    public void Close(string end = "}")
    {
        _blankWanted = false;
        _justOpened = false;
        _indent--;
        Line(end);
        _blankWanted = true;
    }

    /// <summary>Writes a line that continues the one before it.</summary>
    public void Continued(string line)
    {
        _indent++;
        Line(line);
        _indent--;
    }

    public override string ToString() => _text.ToString();
}

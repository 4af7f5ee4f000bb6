namespace Wetware.Fuzz.Linearizability;

/// <summary>A history file that does not follow its format; the message names the line.</summary>
internal sealed class HistoryFormatException(int line, string message) : FormatException($"line {line}: {message}")
{
    public int Line { get; } = line;
}

namespace Wetware.Fuzz.Linearizability;

/// <summary>Reads a history file line by line within the limits, and knows which process has which operation under way.</summary>
internal sealed class LogReader<TCall>(TextReader text)
{
    private readonly Dictionary<int, int> _underWay = [];

    public History<TCall> History { get; } = new();

    /// <summary>The number of the line last read, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next line that is not blank, or null at the end.</summary>
    public string? Next()
    {
        while (text.ReadLine() is { } line)
        {
            Line++;
            if (line.Length > Limits.LineCharsMax)
            {
                throw Bad($"longer than {Limits.LineCharsMax} characters");
            }

            if (!string.IsNullOrWhiteSpace(line))
            {
                return line;
            }
        }

        return null;
    }

    public void Invoke(int process, TCall call)
    {
        if (History.Count >= Limits.FileOperationsMax)
        {
            throw Bad($"more than {Limits.FileOperationsMax} operations");
        }

        if (!_underWay.TryAdd(process, History.Count))
        {
            throw Bad($"process {process} invokes before its last operation returned");
        }

        History.Invoke(process, call);
    }

    /// <summary>What the process invoked and has not yet returned from.</summary>
    public TCall Invoked(int process) =>
        _underWay.TryGetValue(process, out var id)
            ? History.Operations[id].Call
            : throw Bad($"process {process} returns from what it did not invoke");

    public void Return(int process, TCall call)
    {
        if (!_underWay.Remove(process, out var id))
        {
            throw Bad($"process {process} returns from what it did not invoke");
        }

        History.Return(id, call);
    }

    /// <summary>Nobody knows how the process's operation ended: it stays open for good.</summary>
    public void Abandon(int process) => _underWay.Remove(process);

    public HistoryFormatException Bad(string message) => new(Line, message);
}

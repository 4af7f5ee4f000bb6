using System.Text;

namespace Wetware.Raft.Tests.Conformance;

/// <summary>Reads files of cases in the datadriven format.</summary>
internal static class DatadrivenFile
{
    public static List<Directive> Read(string path) => Parse(File.ReadAllLines(path));

    public static List<Directive> Parse(string[] lines)
    {
        var cases = new List<Directive>();
        for (var i = 0; i < lines.Length;)
        {
            if (string.IsNullOrWhiteSpace(lines[i]) || lines[i].StartsWith('#'))
            {
                i++;
                continue;
            }

            var start = i + 1;
            var command = new StringBuilder(lines[i++].Trim());
            while (command[^1] == '\\')
            {
                command.Length--;
                command.Append(lines[i++].Trim());
            }

            var input = TakeUntil(lines, ref i, line => line == "----");
            i++;
            var expected = TakeUntil(lines, ref i, string.IsNullOrEmpty);
            var words = Words(command.ToString());
            cases.Add(new(start, words[0], [.. words.Skip(1).Select(Argument)], input, expected));
        }

        return cases;
    }

    /// <summary>The words of a command that stands alone on a line.</summary>
    public static Directive ParseLine(string line)
    {
        var words = Words(line);
        return new(0, words[0], [.. words.Skip(1).Select(Argument)], [], []);
    }

    private static List<string> TakeUntil(string[] lines, ref int i, Func<string, bool> isEnd)
    {
        var taken = new List<string>();
        while (i < lines.Length && !isEnd(lines[i]))
        {
            taken.Add(lines[i++]);
        }

        return taken;
    }

    private static List<string> Words(string line)
    {
        var (words, word, depth) = (new List<string>(), new StringBuilder(), 0);
        foreach (var c in line + " ")
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c != ' ')
            {
                word.Append(c);
            }
            else if (depth == 0 && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }

    private static (string Key, string[] Values) Argument(string word)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (word, []) : (word[..at], word[(at + 1)..].Trim('(', ')').Split(',', StringSplitOptions.RemoveEmptyEntries));
    }
}

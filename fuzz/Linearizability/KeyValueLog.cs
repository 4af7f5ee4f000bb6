using System.Globalization;

namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// Reads a key-value history, a map of Clojure's notation on each line:
/// <c>{:process 9, :type :invoke, :f :append, :key "0", :value "x 9 0 y"}</c>. Strings have no escapes.
/// </summary>
internal static class KeyValueLog
{
    public static History<KeyValueCall> Read(TextReader text)
    {
        var log = new LogReader<KeyValueCall>(text);
        var fields = new Dictionary<string, string>(8);
        while (log.Next() is { } line)
        {
            Parse(log, line, fields);
            if (!int.TryParse(Field(log, fields, ":process"), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                throw log.Bad("no process number");
            }

            var key = Field(log, fields, ":key");
            var value = Field(log, fields, ":value");
            var call = Field(log, fields, ":f") switch
            {
                ":get" => KeyValueCall.Get(key),
                ":put" => KeyValueCall.Put(key, value),
                ":append" => KeyValueCall.Append(key, value),
                var other => throw log.Bad($"no such operation: {other}"),
            };
            Take(log, process, Field(log, fields, ":type"), call, value);
        }

        return log.History;
    }

    private static void Take(LogReader<KeyValueCall> log, int process, string type, KeyValueCall call, string value)
    {
        switch (type)
        {
            case ":invoke":
                log.Invoke(process, call);
                break;
            case ":ok":
                var invoked = log.Invoked(process);
                if (invoked != call)
                {
                    throw log.Bad($"process {process} invoked '{invoked}' and returns from '{call}'");
                }

                log.Return(process, call.Verb == KeyValueVerb.Get ? KeyValueCall.Get(call.Key, value) : call);
                break;
            case ":info":
                log.Abandon(process);
                break;
            default:
                throw log.Bad($"no such type: {type}");
        }
    }

    private static string Field(LogReader<KeyValueCall> log, Dictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var value) ? value : throw log.Bad($"{name} is missing");

    private static void Parse(LogReader<KeyValueCall> log, string line, Dictionary<string, string> fields)
    {
        fields.Clear();
        var rest = line.AsSpan().Trim();
        if (rest.Length < 2 || rest[0] != '{' || rest[^1] != '}')
        {
            throw log.Bad("expected a map in braces");
        }

        rest = rest[1..^1].TrimStart();
        while (!rest.IsEmpty)
        {
            var name = Word(log, ref rest);
            var value = rest.IsEmpty ? throw log.Bad($"{name} has no value") : rest[0] == '"' ? Quoted(log, ref rest) : Word(log, ref rest);
            if (!fields.TryAdd(name, value))
            {
                throw log.Bad($"{name} appears twice");
            }
        }
    }

    private static string Word(LogReader<KeyValueCall> log, ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(' ', ',');
        end = end < 0 ? rest.Length : end;
        if (end == 0)
        {
            throw log.Bad("a word is missing");
        }

        var word = rest[..end].ToString();
        rest = rest[end..].TrimStart(" ,");
        return word;
    }

    private static string Quoted(LogReader<KeyValueCall> log, ref ReadOnlySpan<char> rest)
    {
        var end = rest[1..].IndexOf('"');
        if (end < 0)
        {
            throw log.Bad("a string does not end");
        }

        var text = rest.Slice(1, end).ToString();
        rest = rest[(end + 2)..].TrimStart(" ,");
        return text;
    }
}

using System.Globalization;

namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// Reads a log of Jepsen's util namespace, of a compare-and-swap register: <c>INFO jepsen.util - PROCESS :TYPE :VERB VALUE</c>.
/// An <c>:info</c> leaves its operation open; a failed read says nothing; a failed swap says that the value was another.
/// </summary>
internal static class JepsenLog
{
    private static readonly char[] White = [' ', '\t', '[', ']'];

    public static History<RegisterCall> Read(TextReader text)
    {
        var log = new LogReader<RegisterCall>(text);
        while (log.Next() is { } line)
        {
            var words = line.Split(White, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 6 || words[0] != "INFO" || words[1] != "jepsen.util" || words[2] != "-")
            {
                throw log.Bad("expected INFO jepsen.util - PROCESS :TYPE :VERB VALUE");
            }

            if (!int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                throw log.Bad($"no process number: '{words[3]}'");
            }

            Take(log, process, words);
        }

        return log.History;
    }

    private static void Take(LogReader<RegisterCall> log, int process, string[] words)
    {
        switch (words[4], words[5])
        {
            case (":invoke", ":read"):
                log.Invoke(process, RegisterCall.Read());
                break;
            case (":invoke", ":write"):
                log.Invoke(process, RegisterCall.Write(Value(log, words, 6)));
                break;
            case (":invoke", ":cas"):
                log.Invoke(process, RegisterCall.CompareAndSwap(Value(log, words, 6), Value(log, words, 7)));
                break;
            case (":ok", ":read"):
                Return(log, process, RegisterVerb.Read, RegisterCall.Read(Value(log, words, 6)));
                break;
            case (":ok", ":write"):
                Return(log, process, RegisterVerb.Write, RegisterCall.Write(Value(log, words, 6)));
                break;
            case (":ok" or ":fail", ":cas"):
                var succeeded = words[4] == ":ok";
                Return(log, process, RegisterVerb.CompareAndSwap, RegisterCall.CompareAndSwap(Value(log, words, 6), Value(log, words, 7), succeeded));
                break;
            case (":fail", ":read"):
                Return(log, process, RegisterVerb.Read, RegisterCall.Read());
                break;
            case (":info", _):
                log.Abandon(process);
                break;
            default:
                throw log.Bad($"no such event: {words[4]} {words[5]}");
        }
    }

    private static void Return(LogReader<RegisterCall> log, int process, RegisterVerb verb, RegisterCall call)
    {
        var invoked = log.Invoked(process);
        if (invoked.Verb != verb || invoked.Argument != call.Argument || invoked.Swap != call.Swap)
        {
            throw log.Bad($"process {process} invoked '{invoked}' and returns from '{call}'");
        }

        log.Return(process, call);
    }

    private static long Value(LogReader<RegisterCall> log, string[] words, int at)
    {
        if (at >= words.Length)
        {
            throw log.Bad("a value is missing");
        }

        if (words[at] == "nil")
        {
            return RegisterCall.Nil;
        }

        return long.TryParse(words[at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value != RegisterCall.Nil
            ? value
            : throw log.Bad($"no value: '{words[at]}'");
    }
}

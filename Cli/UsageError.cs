using System.CommandLine;
using System.CommandLine.Parsing;

namespace Wetware.Cli;

/// <summary>What is wrong with a command line, in one line.</summary>
internal static class UsageError
{
    private const string TypePrefix = " as expected type '";

    /// <summary>The first error; null if the line can be carried out.</summary>
    public static string? Find(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "ww" : "ww " + (command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? parent.Name + " " : "") + command.Name;
        var error = Stray(parsed) is { } stray ? $"{(stray.StartsWith('-') ? "unknown option" : command is RootCommand ? "unknown command" : "unexpected")} '{stray}'."
            : parsed.Errors.Count > 0 ? WithoutType(parsed.Errors[0].Message)
            : null;
        return error is null ? null : $"{error} Try '{path} --help'.";
    }

    /// <summary>A word that nothing takes, or an option that an argument of many words has swallowed; behind a "--" anything goes.</summary>
    private static string? Stray(ParseResult parsed) =>
        parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0]
            : parsed.Tokens.Any(static token => token.Type == TokenType.DoubleDash) ? null
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).FirstOrDefault(token => token.Value.StartsWith('-'))?.Value;

    /// <summary>The names of types are no concern of whoever mistyped a number.</summary>
    private static string WithoutType(string message)
    {
        var begin = message.IndexOf(TypePrefix, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : message.IndexOf('\'', begin + TypePrefix.Length);
        return end < 0 ? message : message.Remove(begin, end + 1 - begin);
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Wetware.Client;

namespace Wetware.Cli;

/// <summary>What every command that starts a program takes: the program, its arguments and its environment.</summary>
internal sealed class RomOptions
{
    private readonly Argument<FileInfo> _rom = new("rom") { Description = "A WebAssembly module for WASI preview 1.", HelpName = "rom.wasm" };

    private readonly Argument<string[]> _arguments = new("arguments")
    {
        Description = "Arguments of the program. Put -- before those that begin with a dash.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _environment = new("--env", "-e")
    {
        Description = "NAME=value in the program's environment; repeat for several.",
        HelpName = "NAME=value",
    };

    private RomOptions() => _environment.Validators.Add(Check);

    /// <summary>Adds them to a command.</summary>
    public static RomOptions AddTo(Command command)
    {
        var options = new RomOptions();
        command.Add(options._rom);
        command.Add(options._arguments);
        command.Add(options._environment);
        return options;
    }

    /// <summary>The module's bytes.</summary>
    public Task<byte[]> LoadAsync(ParseResult parsed, CancellationToken cancellation) => LoadAsync(parsed.GetValue(_rom)!, cancellation);

    /// <summary>The bytes of a module's file.</summary>
    public static async Task<byte[]> LoadAsync(FileInfo file, CancellationToken cancellation) => file.Exists
        ? await File.ReadAllBytesAsync(file.FullName, cancellation).ConfigureAwait(false)
        : throw new CommandException($"there is no file {file}");

    /// <summary>How the program is to be run, without streams.</summary>
    public ProcessRequest Request(ParseResult parsed) => new(parsed.GetValue(_arguments) ?? [])
    {
        Environment = (parsed.GetValue(_environment) ?? []).Select(Split).GroupBy(pair => pair.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal),
    };

    private static void Check(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                result.AddError($"--env takes NAME=value, not '{token.Value}'.");
            }
        }
    }

    private static (string Name, string Value) Split(string entry)
    {
        var at = entry.IndexOf('=', StringComparison.Ordinal);
        return (entry[..at], entry[(at + 1)..]);
    }
}

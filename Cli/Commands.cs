using System.CommandLine;
using System.CommandLine.Help;
using Wetware.Core;
using Wetware.Host;

namespace Wetware.Cli;

/// <summary>The commands of ww, and the one place where their failures become a line and an exit code.</summary>
internal static class Commands
{
    private const string Description = """
        ww: run, query and use a Wetware cluster.

        Results go to standard output, complaints and logs to standard error. Exit codes: 0 done, 1 failed, 2 the command line or an
        option cannot work, 130 interrupted.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(Description)
        {
            StartCommand.Create(),
            ListCommand.Create(),
            ClusterCommand.Create(),
            StatusCommand.Create(),
            CrawlCommand.Create(),
            ResultsCommand.Create(),
            CancelCommand.Create(),
            RunCommand.Create(),
            ExecCommand.Create(),
            ProcessesCommand.Create(),
            KillCommand.Create(),
            PublishCommand.Create(),
            SubscribeCommand.Create(),
            AnchorCommand.Create(),
            ChannelCommand.Create(),
            ProvideCommand.Create(),
            FindCommand.Create(),
            DemoCommand.Create(),
        };

        var parsed = root.Parse(args);
        if (parsed.Action is not HelpAction && UsageError.Find(parsed) is { } error)
        {
            return Complain(error, ExitCode.Usage);
        }

        try
        {
            using var interruption = new Interruption();
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, interruption.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (WetwareOptionsException failure)
        {
            return Complain(failure.Message, ExitCode.Usage);
        }
        catch (Exception failure) when (Failures.Explain(failure) is { } line)
        {
            return Complain(line, ExitCode.Failure);
        }
    }

    private static int Complain(string line, int code)
    {
        Console.Error.WriteLine("ww: " + line.ReplaceLineEndings(" "));
        return code;
    }
}

using System.CommandLine;

namespace Wetware.Cli;

/// <summary><c>ww cancel</c>: stops a crawl on the whole cluster.</summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var crawl = new Argument<ulong>("crawl") { Description = "The number of a crawl; 'ww results' lists them." };
        var command = new Command("cancel", "Stop a crawl. Its results so far stay.") { crawl };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(crawl), connect.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ulong crawl, Connector connector, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        return await Answers.WithinAsync(
            connector.Timeout,
            async stop =>
            {
                await client.Session.Crawls.CancelAsync(crawl, stop).ConfigureAwait(false);
                return ExitCode.Success;
            },
            cancellation).ConfigureAwait(false);
    }
}

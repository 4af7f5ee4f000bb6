using Wetware.Client;

namespace Wetware.Cli;

/// <summary>Follows one program to its end, as a shell does its child.</summary>
internal static class ProgramRun
{
    private const int CodeMask = 0xff;
    private static readonly TimeSpan s_killTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Waits, tells why it ended if not by itself, and gives the code to exit with. Breaking off kills it.</summary>
    public static async Task<int> FollowAsync(RemoteProcess process, string name, CancellationToken cancellation)
    {
        try
        {
            var outcome = await process.WaitAsync(cancellation).ConfigureAwait(false);
            if (outcome.Ending != ProcessEnding.Exited)
            {
                await Console.Error.WriteLineAsync($"ww: {name} {(outcome.Ending == ProcessEnding.Killed ? "was killed" : "trapped: " + outcome.Reason)}").ConfigureAwait(false);
            }

            return (int)(outcome.ExitCode & CodeMask);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(s_killTimeout);
            await process.KillAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new OperationCanceledException(cancellation);
        }
    }
}

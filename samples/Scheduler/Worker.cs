using Microsoft.Extensions.Logging;
using Wetware.Client;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Crawler.Fetch;

namespace Wetware.Samples.Scheduler;

/// <summary>Takes runs from the line one after the other, runs their programs on its node, and records what became of them.</summary>
internal sealed partial class Worker(TaskBook book, WetwareSession session, TimeSpan lease, ILogger logger)
{
    private const int ReasonCharsMax = 512;
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_giveBack = TimeSpan.FromSeconds(2);

    /// <summary>Works until it is stopped; gives back what it holds then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await book.TakeAsync(lease, stop).ConfigureAwait(false) is { } run)
                {
                    await HandleAsync(run, stop).ConfigureAwait(false);
                }
                else
                {
                    await Task.Delay(s_poll, stop).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (WetwareException failure)
            {
                // Whatever it held comes back by itself when its lease ends.
                LogFailure(logger, failure.Message);
                await Task.Delay(s_pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HandleAsync(HeldRun run, CancellationToken stop)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var keeping = KeepAsync(run, held);
        try
        {
            if (await book.FindAsync(run.Ticket.Task, held.Token).ConfigureAwait(false) is { } task
                && await book.ProgramAsync(task, held.Token).ConfigureAwait(false) is { } program)
            {
                var record = await ExecuteAsync(run, task, program, held.Token).ConfigureAwait(false);
                await book.RecordAsync(run, record, held.Token).ConfigureAwait(false);
            }
            else
            {
                await book.ForgetAsync(run, held.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
            // Stopping, or the run is no longer this worker's; then giving it back changes nothing.
            using var limit = new CancellationTokenSource(s_giveBack);
            await book.GiveBackAsync(run, limit.Token).ConfigureAwait(false);
        }
        finally
        {
            await held.CancelAsync().ConfigureAwait(false);
            await keeping.ConfigureAwait(false);
        }
    }

    /// <summary>Makes the lease last while the program runs; cancels it when the lease is lost or the task is deleted.</summary>
    private async Task KeepAsync(HeldRun run, CancellationTokenSource held)
    {
        using var timer = new PeriodicTimer(lease / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(held.Token).ConfigureAwait(false))
            {
                if (!await book.ExtendAsync(run, lease, held.Token).ConfigureAwait(false)
                    || await book.FindAsync(run.Ticket.Task, held.Token).ConfigureAwait(false) is null)
                {
                    await held.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
            return;
        }
        catch (WetwareException failure)
        {
            // Without a quorum nobody else can take it either; recording it shows whether it is still held.
            LogFailure(logger, failure.Message);
        }
    }

    private async Task<RunRecord> ExecuteAsync(HeldRun run, TaskRecord task, byte[] program, CancellationToken cancellation)
    {
        using var input = new MemoryStream(task.Input, writable: false);
        using var output = new RunOutput(Limits.OutputBytesMax);
        using var error = new RunOutput(Limits.ErrorBytesMax);
        var began = DateTimeOffset.UtcNow;
        RemoteProcess process;
        try
        {
            process = await StartAsync(program, new ProcessRequest(task.Arguments) { Input = input, Output = output, Error = error }, cancellation)
                .ConfigureAwait(false);
        }
        catch (WetwareException refused)
        {
            cancellation.ThrowIfCancellationRequested();
            return Record(RunEnding.Refused, null, refused.Message);
        }

        using (process)
        {
            var ended = process.WaitAsync(CancellationToken.None);
            using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var late = Task.Delay(TimeSpan.FromSeconds(task.Timeout), awake.Token);
            var first = await Task.WhenAny(ended, output.Exceeded, late).ConfigureAwait(false);
            await awake.CancelAsync().ConfigureAwait(false);
            if (first != ended)
            {
                await process.KillAsync(CancellationToken.None).ConfigureAwait(false);
            }

            var end = await ended.ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return output.Exceeded.IsCompleted ? Record(RunEnding.OutputExceeded, null, $"it wrote more than {Limits.OutputBytesMax} bytes")
                : end.Ending == ProcessEnding.Exited ? Record(RunEnding.Exited, end.ExitCode, "")
                : end.Ending == ProcessEnding.Trapped ? Record(RunEnding.Trapped, null, end.Reason)
                : first == late ? Record(RunEnding.TimedOut, null, $"it ran longer than {task.Timeout} s")
                : throw new WetwareException("the node killed the program");
        }

        RunRecord Record(RunEnding ending, uint? exitCode, string reason) => new(
            run.Ticket.Number,
            run.Attempt,
            ending,
            exitCode,
            reason[..Math.Min(reason.Length, ReasonCharsMax)],
            output.ToArray(),
            error.ToArray(),
            session.Peer.ToString(),
            began,
            DateTimeOffset.UtcNow);
    }

    /// <summary>The node compiles a program once and knows it by its content.</summary>
    private async Task<RemoteProcess> StartAsync(byte[] program, ProcessRequest request, CancellationToken cancellation)
    {
        var cid = await session.Processes.PutAsync(program, cancellation).ConfigureAwait(false);
        return await session.Processes.StartAsync(cid, request, cancellation).ConfigureAwait(false);
    }

    [LoggerMessage(1, LogLevel.Warning, "a worker waits: {Reason}")]
    private static partial void LogFailure(ILogger logger, string reason);
}

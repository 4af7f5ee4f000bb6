using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Wetware.Core;
using Wetware.Crawler.Fetch;

namespace Wetware.Samples.Scheduler;

/// <summary>The tasks over REST. Every error is an object with one line, <c>error</c>.</summary>
internal sealed class TaskApi(TaskBook book, TimeProvider time)
{
    public void Map(WebApplication app)
    {
        app.UseStatusCodePages(static context => Error(
            context.HttpContext.Response.StatusCode, $"{context.HttpContext.Request.Method} {context.HttpContext.Request.Path} is not served here")
            .ExecuteAsync(context.HttpContext));
        app.Use(AnswerFailuresAsync);
        app.MapGet("/tasks", ListAsync);
        app.MapGet("/tasks/{id}", GetAsync);
        app.MapPost("/tasks", SubmitAsync);
        app.MapDelete("/tasks/{id}", DeleteAsync);
    }

    private static async Task AnswerFailuresAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (BadSubmissionException bad)
        {
            await Error(bad.Status, bad.Message).ExecuteAsync(context).ConfigureAwait(false);
        }
        catch (WetwareException failure)
        {
            await Error(StatusCodes.Status503ServiceUnavailable, failure.Message).ExecuteAsync(context).ConfigureAwait(false);
        }
    }

    private static IResult Error(int status, string message) => Results.Json(new { error = message }, statusCode: status);

    private static IResult NoTask(string id) => Error(StatusCodes.Status404NotFound, $"there is no task '{id}'");

    private static string State(TaskRecord task, int running) => task.Completions == task.Repeats ? "done" : running > 0 ? "running" : "waiting";

    private static object Brief(TaskRecord task, int running) => new
    {
        task.Id,
        task.Description,
        State = State(task, running),
        task.Completions,
        task.Start,
        task.Delay,
        task.Repeats,
        task.Timeout,
        task.Program,
        task.Submitted,
    };

    private static object Full(TaskRecord task, int running) => new
    {
        task.Id,
        task.Description,
        State = State(task, running),
        task.Completions,
        task.Start,
        task.Delay,
        task.Repeats,
        task.Timeout,
        task.Program,
        task.Submitted,
        Args = task.Arguments,
        Input = Encoding.UTF8.GetString(task.Input),
        Runs = task.Runs.Select(static run => new
        {
            run.Number,
            run.Attempt,
            Ending = Name(run.Ending),
            run.ExitCode,
            run.Reason,
            Output = Encoding.UTF8.GetString(run.Output),
            Error = Encoding.UTF8.GetString(run.Error),
            run.Worker,
            run.Began,
            run.Ended,
        }),
    };

    private static string Name(RunEnding ending) => ending switch
    {
        RunEnding.Exited => "exited",
        RunEnding.Trapped => "trapped",
        RunEnding.TimedOut => "timed out",
        RunEnding.OutputExceeded => "output exceeded",
        RunEnding.Refused => "refused",
        _ => "lost",
    };

    private async Task<IResult> ListAsync(CancellationToken cancellation)
    {
        var running = await book.RunningAsync(cancellation).ConfigureAwait(false);
        var tasks = await book.ListAsync(cancellation).ConfigureAwait(false);
        return Results.Json(tasks.Select(task => Brief(task, running.GetValueOrDefault(task.Id))));
    }

    private async Task<IResult> GetAsync(string id, CancellationToken cancellation)
    {
        var running = await book.RunningAsync(cancellation).ConfigureAwait(false);
        return await book.FindAsync(id, cancellation).ConfigureAwait(false) is { } task
            ? Results.Json(Full(task, running.GetValueOrDefault(id)))
            : NoTask(id);
    }

    private async Task<IResult> SubmitAsync(HttpRequest request, CancellationToken cancellation)
    {
        var (task, program) = await Submission.ReadAsync(request, time.GetUtcNow(), cancellation).ConfigureAwait(false);

        // Not cancelled by a client that goes away: half a submission would leave its pieces behind.
        return await book.SubmitAsync(task, program, CancellationToken.None).ConfigureAwait(false) switch
        {
            SubmitOutcome.Accepted => Results.Created($"/tasks/{task.Id}", Full(task, 0)),
            SubmitOutcome.IdTaken => Error(StatusCodes.Status409Conflict, $"the id '{task.Id}' is or was that of a task"),
            _ => Error(StatusCodes.Status507InsufficientStorage, $"the cluster keeps at most {Limits.TasksMax} tasks and {Limits.PiecesMax} pieces of programs"),
        };
    }

    private async Task<IResult> DeleteAsync(string id, CancellationToken cancellation) =>
        await book.DeleteAsync(id, cancellation).ConfigureAwait(false) ? Results.NoContent() : NoTask(id);
}

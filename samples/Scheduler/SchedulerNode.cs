using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wetware.Host;
using Wetware.Host.Storage;

namespace Wetware.Samples.Scheduler;

/// <summary>A node of the cluster, its workers, and REST in front of it.</summary>
internal sealed class SchedulerNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _workers;

    private SchedulerNode(WetwareNode node, WebApplication app, TaskBook book, SchedulerOptions options)
    {
        Node = node;
        _app = app;
        var worker = new Worker(book, node.Session, options.Lease, app.Services.GetRequiredService<ILogger<Worker>>());
        var workers = Enumerable.Range(0, options.Workers).Select(_ => worker.RunAsync(_stop.Token)).ToArray();
        _workers = Task.WhenAll(workers);
        Completion = EndAsync(workers);
    }

    /// <summary>Completes when the system asks the process to end; fails when the node or a worker has.</summary>
    public Task Completion { get; }

    /// <summary>The node.</summary>
    public WetwareNode Node { get; }

    /// <summary>Where REST is served.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>Starts all of it. When it returns, tasks can be submitted.</summary>
    public static async Task<SchedulerNode> StartAsync(SchedulerOptions options, CancellationToken cancellation)
    {
        Limits.Check();
        var node = await WetwareNode.StartAsync(
            WetwareOptions.Default with { DataFolder = options.DataFolder, Listen = [options.Listen], Join = options.Join },
            cancellation: cancellation).ConfigureAwait(false);
        WebApplication? app = null;
        try
        {
            var book = await TaskBook.OpenAsync(node.Session.Queues, cancellation).ConfigureAwait(false);
            app = NewApp(options.Urls, book);
            await app.StartAsync(cancellation).ConfigureAwait(false);
            return new SchedulerNode(node, app, book, options);
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync().ConfigureAwait(false);
            }

            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops taking requests, gives back what the workers hold, and stops the node.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _workers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync().ConfigureAwait(false);
        await Node.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task EndAsync(Task[] workers)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var signal = _app.Lifetime.ApplicationStopping.Register(asked.SetResult).ConfigureAwait(false);
        await (await Task.WhenAny([asked.Task, Node.Completion, .. workers]).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static WebApplication NewApp(string urls, TaskBook book)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(urls).ConfigureKestrel(
            static kestrel => kestrel.Limits.MaxRequestBodySize = Limits.ProgramBytesMax + Limits.FieldsBytesMax);
        var app = builder.Build();
        new TaskApi(book, TimeProvider.System).Map(app);
        return app;
    }
}

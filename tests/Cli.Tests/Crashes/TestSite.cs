using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wetware.Cli.Tests.Programs;
using Wetware.Core;

namespace Wetware.Cli.Tests.Crashes;

/// <summary>
/// A web site drawn from a seed: a tree of HTML pages with links across it, and some pages that nothing links to. It knows
/// what a crawl must find, and can strike in the very moment at which a certain page is asked for.
/// </summary>
internal sealed class TestSite : IAsyncDisposable
{
    private const int Orphans = 5;
    private readonly Dictionary<string, string> _html = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _served;
    private int _strikeAt = int.MaxValue;
    private Action _strike = () => { };

    private TestSite(ref Prng prng, int pages)
    {
        var paths = Enumerable.Range(0, pages + Orphans).Select(i => i == 0 ? "/" : $"/{(char)('a' + (i % 7))}/{i}.html").ToArray();
        var links = paths.Select(_ => new StringBuilder()).ToArray();
        for (var i = 1; i < pages; i++)
        {
            links[prng.Between(Math.Max(0, i - 20), i - 1)].Append(Link(paths[i]));
        }

        for (var i = 0; i < paths.Length; i++)
        {
            var target = paths[prng.Between(0, pages - 1)];
            links[i].Append(Link(target)).Append(Link(target + "#part")).Append(Link("https://elsewhere.invalid/")).Append(Link("mailto:nobody"));
            _html.Add(paths[i], $"<!doctype html><title>Page {i}</title>{links[i]}");
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(ServeAsync);
        Reachable = paths[..pages];
    }

    /// <summary>Where a crawl begins.</summary>
    public string Root { get; private set; } = "";

    /// <summary>What it must find: URLs, in order.</summary>
    public IReadOnlyList<string> Reachable { get; private set; }

    /// <summary>Completes when it has struck.</summary>
    public Task<bool> Struck => _struck.Task.ContinueWith(task => task.IsCompletedSuccessfully, TaskScheduler.Default);

    public static async Task<TestSite> StartAsync(Prng prng, int pages)
    {
        var site = new TestSite(ref prng, pages);
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        var address = site._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        site.Root = address + "/";
        site.Reachable = [.. site.Reachable.Select(path => address + path).Order(StringComparer.Ordinal)];
        return site;
    }

    /// <summary>Has something happen when the given number of pages has been asked for, before the last of them is served.</summary>
    public void StrikeAt(int request, Action strike)
    {
        _strike = strike;
        Volatile.Write(ref _strikeAt, request);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Link(string target) => $"<a href='{target}'>x</a>";

    private Task ServeAsync(HttpContext context)
    {
        if (!_html.TryGetValue(context.Request.Path, out var html))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (Interlocked.Increment(ref _served) == Volatile.Read(ref _strikeAt))
        {
            _strike();
            _struck.SetResult();
        }

        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync(html);
    }
}

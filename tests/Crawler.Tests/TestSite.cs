using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Wetware.Crawler.Tests;

/// <summary>A web server on a port of its own that serves what a function says and counts what it is asked.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestSite(WebApplication app) => _app = app;

    /// <summary>Requests by path and query.</summary>
    public ConcurrentDictionary<string, int> Requests { get; } = new(StringComparer.Ordinal);

    public string Origin => _app.Urls.First();

    public static async Task<TestSite> StartAsync(Func<HttpContext, TestSite, Task> serve)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var site = new TestSite(app);
        app.Run(async context =>
        {
            site.Requests.AddOrUpdate(context.Request.Path + context.Request.QueryString, 1, (_, count) => count + 1);
            await serve(context, site);
        });
        await app.StartAsync();
        return site;
    }

    public CanonicalUrl Url(string path)
    {
        Assert.True(CanonicalUrl.TryParse(Origin + path, out var url));
        return url;
    }

    public static Task Html(HttpContext context, params string[] links) =>
        HtmlBody(context, string.Concat(links.Select(link => $"<a href=\"{link}\">x</a>")));

    public static Task HtmlBody(HttpContext context, string body)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync($"<!doctype html><title>{context.Request.Path}</title>{body}");
    }

    public static Task Text(HttpContext context, string text) => context.Response.WriteAsync(text);

    public static Task Redirect(HttpContext context, string to)
    {
        context.Response.StatusCode = 302;
        context.Response.Headers.Location = to;
        return Task.CompletedTask;
    }

    public static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

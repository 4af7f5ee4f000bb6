using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Wetware.Cli.Demo;

/// <summary>What a site does beyond serving files: redirects, and pages that answer 503 a few times before they come.</summary>
internal sealed class SiteBehavior
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);
    private readonly Description _description;
    private readonly ConcurrentDictionary<string, int> _failed = new(StringComparer.Ordinal);

    private SiteBehavior(Description description) => _description = description;

    /// <summary>Reads a folder's <c>site.json</c>; null if it has none.</summary>
    /// <exception cref="DemoException">The file is malformed.</exception>
    public static SiteBehavior? Load(string folder)
    {
        var file = Path.Combine(folder, "site.json");
        if (!File.Exists(file) || !Directory.Exists(Path.Combine(folder, "pages")))
        {
            return null;
        }

        try
        {
            return new SiteBehavior(JsonSerializer.Deserialize<Description>(File.ReadAllText(file), s_json) ?? new Description([], []));
        }
        catch (JsonException failure)
        {
            throw new DemoException($"{file}: {failure.Message}");
        }
    }

    public void StartOver() => _failed.Clear();

    public Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "/";
        if (_description.Redirects.TryGetValue(path, out var target))
        {
            context.Response.Redirect(target);
            return Task.CompletedTask;
        }

        if (_description.Flaky.TryGetValue(path, out var times) && _failed.AddOrUpdate(path, 1, (_, count) => count + 1) <= times)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private sealed record Description(Dictionary<string, string> Redirects, Dictionary<string, int> Flaky);
}

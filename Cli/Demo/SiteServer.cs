using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Wetware.Cli.Demo;

/// <summary>
/// Serves a folder of files over HTTP on a free loopback port, for as long as it lives. A folder that holds a
/// <c>site.json</c> is served from its <c>pages</c>, with the redirects and the pages that fail at first that the file names.
/// </summary>
internal sealed class SiteServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SiteBehavior? _behavior;

    private SiteServer(WebApplication app, Uri root, SiteBehavior? behavior)
    {
        _app = app;
        _behavior = behavior;
        Root = root;
    }

    /// <summary>Where the folder's index is served.</summary>
    public Uri Root { get; }

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static async Task<SiteServer> StartAsync(string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"no such folder: {folder}");
        }

        var behavior = SiteBehavior.Load(folder);
        folder = behavior is null ? folder : Path.Combine(folder, "pages");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var files = new PhysicalFileProvider(Path.GetFullPath(folder));
        if (behavior is not null)
        {
            app.Use(behavior.HandleAsync);
        }

        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, ContentTypeProvider = new FileExtensionContentTypeProvider() });
        await app.StartAsync(cancellation).ConfigureAwait(false);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new SiteServer(app, new Uri(address + "/"), behavior);
    }

    /// <summary>Lets the pages that fail at first fail again.</summary>
    public void StartOver() => _behavior?.StartOver();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Wetware.Host.Hosting;

/// <summary>A node that lives as long as the host.</summary>
/// <param name="options">Asked for once, when the host starts.</param>
/// <param name="logs">Where the node logs.</param>
/// <param name="lifetime">Of the host, which ends if the node does.</param>
internal sealed class WetwareHostedService(Func<WetwareOptions> options, ILoggerFactory logs, IHostApplicationLifetime lifetime) : IHostedService, IAsyncDisposable
{
    private WetwareNode? _node;

    /// <exception cref="InvalidOperationException">The host has not started yet.</exception>
    public WetwareNode Node => _node ?? throw new InvalidOperationException("the Wetware node has not been started; it starts with the host");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _node = await WetwareNode.StartAsync(options(), logs, cancellationToken).ConfigureAwait(false);
        _ = StopHostWithAsync(_node);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _node?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _node?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task StopHostWithAsync(WetwareNode node)
    {
        await node.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lifetime.StopApplication();
    }
}

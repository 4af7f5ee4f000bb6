using Wetware.Core;
using Wetware.Host.Protocol;

namespace Wetware.Host.Sessions;

/// <summary>Who the node is, and the capabilities that it can hand out. Owns the references.</summary>
internal sealed class NodeServices : IDisposable
{
    public required PeerId Peer { get; init; }

    public required ServerId Server { get; init; }

    public required string Namespace { get; init; }

    public required string HostName { get; init; }

    public required View.Client View { get; init; }

    public required QueueService.Client Queue { get; init; }

    public required CrawlService.Client Crawler { get; init; }

    public required Protocol.Consensus.Client Consensus { get; init; }

    public required Gossip.Client Gossip { get; init; }

    /// <summary>Makes the executor of a new session. The caller disposes of it.</summary>
    public required Func<Executor.Client> NewExecutor { get; init; }

    public void Dispose()
    {
        View.Dispose();
        Queue.Dispose();
        Crawler.Dispose();
        Consensus.Dispose();
        Gossip.Dispose();
    }
}

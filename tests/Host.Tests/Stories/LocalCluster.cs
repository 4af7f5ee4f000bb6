using Wetware.Host.Storage;

namespace Wetware.Host.Tests.Stories;

/// <summary>Real nodes over loopback, each with a folder of its own, of which all know all.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;
    private readonly List<WetwareNode> _nodes = [];

    private LocalCluster()
    {
    }

    public IReadOnlyList<WetwareNode> Nodes => _nodes;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    /// <summary>Starts nodes, of which the first founds the cluster and the others join it, and waits until they have met.</summary>
    /// <param name="count">How many.</param>
    /// <param name="options">What all of them have in common.</param>
    public static async Task<LocalCluster> StartAsync(int count, WetwareOptions? options = null)
    {
        var cluster = new LocalCluster();
        try
        {
            for (var i = 0; i < count; i++)
            {
                cluster._nodes.Add(await WetwareNode.StartAsync(
                    (options ?? WetwareOptions.Default) with
                    {
                        DataFolder = Path.Combine(cluster._folder, $"{i}"),
                        Join = [.. cluster._nodes.Take(1).Select(node => node.Addresses[0].ToString())],
                    },
                    cancellation: Limit));
            }

            await cluster.MeetAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Waits until all know all.</summary>
    private async Task MeetAsync()
    {
        foreach (var node in _nodes)
        {
            while (true)
            {
                var next = node.MembersChanged;
                if ((await node.Session.Anchors.ListAsync(cancellation: Limit)).Count == _nodes.Count)
                {
                    break;
                }

                await next.WaitAsync(s_patience, Limit);
            }
        }
    }
}

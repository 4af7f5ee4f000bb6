using Wetware.Cli.Tests.Programs;

namespace Wetware.Cli.Tests.BadInput;

/// <summary>Two nodes that all tests of a class attack, one behind TLS and one in plain text; they outlive every one of them.</summary>
public sealed class LiveNode : IAsyncLifetime
{
    private readonly Folder _folder = new();

    internal IReadOnlyList<WwNode> Nodes { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Nodes = [new WwNode("secure", _folder.FullPath), new WwNode("plain", _folder.FullPath, isInsecure: true)];
        foreach (var node in Nodes)
        {
            await node.StartAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            node.Dispose();
        }

        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

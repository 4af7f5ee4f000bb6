using Wetware.Cli.Tests.Programs;

namespace Wetware.Cli.Tests.BadInput;

/// <summary>One node that all tests of a class attack; it outlives every one of them.</summary>
public sealed class LiveNode : IAsyncLifetime
{
    private readonly Folder _folder = new();

    internal WwNode Node { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Node = new WwNode("live", _folder.FullPath);
        await Node.StartAsync();
    }

    public ValueTask DisposeAsync()
    {
        Node.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

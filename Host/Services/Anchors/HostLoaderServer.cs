using Wetware.Core;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>The permission to use a node, within what the session was granted that it was reached by.</summary>
internal sealed class HostLoaderServer(AnchorScope scope, PeerId peer) : Anchor.Loader.IServer, IDisposable
{
    private readonly AnchorScope _scope = scope.Use();

    public async ValueTask LoadAsync(CallContext<Anchor.Loader.LoadParams.Reader, Anchor.Loader.LoadResults.Builder> call) =>
        await _scope.WriteSessionAsync(peer, () => call.Results.InitValue().InitSession(), call.Cancellation).ConfigureAwait(false);

    public void Dispose() => _scope.Dispose();
}

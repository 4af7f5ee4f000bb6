using Wetware.Core;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Registry;

/// <summary>What one node has answered. Owns the answer.</summary>
internal sealed class NodeProviders : IDisposable
{
    private readonly Answer<Protocol.Wire.Registry.ListResults.Reader, NoPipeline> _answer;
    private readonly Protocol.Wire.Registry.ListResults.Reader _results;

    private NodeProviders(Answer<Protocol.Wire.Registry.ListResults.Reader, NoPipeline> answer, Protocol.Wire.Registry.ListResults.Reader results)
    {
        _answer = answer;
        _results = results;
    }

    /// <exception cref="RpcException">The node refuses or is lost.</exception>
    public static async Task<NodeProviders> AskAsync(Protocol.Wire.Registry.Client registry, string service, CancellationToken cancellation)
    {
        var answer = registry.List(service, cancellation);
        try
        {
            return new NodeProviders(answer, await answer);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Passes them on, with the node as it has proved to be, whatever it says of itself.</summary>
    public async Task SendAsync(Sender.Client<Provider.Reader, Provider.Builder> found, PeerId node, CancellationToken cancellation)
    {
        for (var i = 0; i < _results.Providers.Count; i++)
        {
            var request = found.SendRequest();
            var wire = request.Params.InitValue().Init<Provider.Builder>();
            wire.SetLocation(_results.Providers[i].Location);
            wire.SetNode(node.Bytes);
            wire.SetAccount(_results.Providers[i].Account.Span);
            using var sent = request.Send(cancellation);
            await sent;
        }
    }

    public void Dispose() => _answer.Dispose();
}

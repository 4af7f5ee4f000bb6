using Wetware.Core;

namespace Wetware.Client;

/// <summary>Somebody who provides a service. Dispose of it to let go of the location's capability, if it has one.</summary>
/// <param name="Location">Where the service is, as the provider says.</param>
/// <param name="Node">The node that lists it, as it has proved to the node that was asked.</param>
/// <param name="Account">Who the provider logged in as, as that node says.</param>
public sealed record FoundProvider(ServiceLocation Location, PeerId Node, PeerId Account) : IDisposable
{
    /// <summary>Lets go of it.</summary>
    public void Dispose() => Location.Capability?.Dispose();
}

using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Host.Net;

namespace Wetware.Host.Membership;

/// <summary>The nodes of the cluster, as one of them sees them. Safe for concurrent use.</summary>
internal interface IHosts
{
    /// <summary>This node.</summary>
    PeerId Self { get; }

    /// <summary>Those that are believed to be there, this one included, in the order of their names.</summary>
    IReadOnlyList<PeerId> List();

    /// <summary>Finds a node by its peer id or by its server id; <see cref="PeerId.None"/> if there is none.</summary>
    PeerId Resolve(string name);

    /// <summary>A connection to another node, which stays whoever's it is.</summary>
    /// <exception cref="WetwareException">It cannot be reached.</exception>
    Task<RemoteNode> ConnectAsync(PeerId peer);
}

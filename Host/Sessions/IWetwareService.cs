using Wetware.Client;
using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Host.Sessions;

/// <summary>
/// A service of the program that embeds a node, granted to sessions by its name like those that every node has. Safe for concurrent use.
/// Clients reach it by <see cref="WetwareSession.GetService{TClient}(string)"/>.
/// </summary>
public interface IWetwareService
{
    /// <summary>The name that policies grant it by and clients ask for it by. Not one of <see cref="ServiceNames"/>.</summary>
    string Name { get; }

    /// <summary>Makes what one session has of it; called once for each session.</summary>
    /// <param name="account">Whose session it is, as it has proved.</param>
    /// <returns>The capability, which the node disposes of. The server behind it is disposed when the last reference is gone.</returns>
    Capability Open(PeerId account);
}

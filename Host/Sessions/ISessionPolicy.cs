using Wetware.Core;

namespace Wetware.Host.Sessions;

/// <summary>Decides what a peer or client may do once it has proved who it is. Safe for concurrent use.</summary>
public interface ISessionPolicy
{
    /// <summary>What the account is granted.</summary>
    SessionGrant Decide(PeerId account);
}

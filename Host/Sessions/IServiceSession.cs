using Wetware.Protocol.Wire;

namespace Wetware.Host.Sessions;

/// <summary>What one session has of a service. Owns references; what it was bound to has references of its own.</summary>
internal interface IServiceSession : IDisposable
{
    /// <summary>Completes when what the session did through the service has ended, after the last reference that owns the session is gone.</summary>
    Task Ended => Task.CompletedTask;

    /// <summary>Lends the session's capabilities to a message.</summary>
    /// <param name="wire">The session in the message.</param>
    /// <param name="isOwner">
    /// Whether the receiver owns the session. What the session itself leads to, its anchors and its programs, must not keep it alive.
    /// </param>
    void Bind(Session.Builder wire, bool isOwner);
}

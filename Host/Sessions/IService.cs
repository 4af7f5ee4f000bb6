using Wetware.Protocol.Wire;

namespace Wetware.Host.Sessions;

/// <summary>
/// Something that a node does for those who log in. A service says what it grants to a session, how that is bound into the wire's session, and how it ends.
/// Disposing of it ends it: nobody is served by it from then on. Safe for concurrent use.
/// </summary>
internal interface IService : IAsyncDisposable
{
    /// <summary>By which policies grant it: one of <see cref="ServiceNames"/>.</summary>
    string Name { get; }

    /// <summary>Makes what one session has of it.</summary>
    /// <param name="session">Whose it is, and what it has of the services before this one.</param>
    IServiceSession Open(SessionOpening session);

    /// <summary>Whether a session has anything of it.</summary>
    bool IsGranted(SessionGrant grant) => grant.Includes(Name);

    /// <summary>Cuts a session of another node, which is passed on, down to what is granted.</summary>
    void Restrict(Session.Builder wire, SessionGrant grant)
    {
        if (!grant.Includes(Name))
        {
            Withhold(wire);
        }
    }

    /// <summary>Takes it out of a session.</summary>
    void Withhold(Session.Builder wire);
}

using System.Collections.Frozen;
using Wetware.Core;

namespace Wetware.Host.Sessions;

/// <summary>The usual policies.</summary>
public static class SessionPolicies
{
    /// <summary>Everybody is granted everything: for networks that are closed by other means.</summary>
    public static ISessionPolicy AllowAll { get; } = new Fixed(SessionGrant.All);

    /// <summary>Nobody is granted anything.</summary>
    public static ISessionPolicy Deny { get; } = new Fixed(SessionGrant.None);

    /// <summary>The named accounts are granted everything, all others nothing.</summary>
    public static ISessionPolicy AllowOnly(params IEnumerable<PeerId> accounts) => new Named(accounts.ToFrozenSet());

    private sealed class Fixed(SessionGrant grant) : ISessionPolicy
    {
        public SessionGrant Decide(PeerId account) => grant;
    }

    private sealed class Named(FrozenSet<PeerId> accounts) : ISessionPolicy
    {
        public SessionGrant Decide(PeerId account) => accounts.Contains(account) ? SessionGrant.All : SessionGrant.None;
    }
}

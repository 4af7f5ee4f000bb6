using Wetware.Core.Multiformats;

namespace Wetware.Host.Membership.Boot;

/// <summary>What reaches the search for peers from outside. Invariant: exactly one of the fields is set.</summary>
internal readonly record struct BootEvent
{
    /// <summary>A datagram that came to a socket of the node.</summary>
    public BootDatagram? Datagram { get; init; }

    /// <summary>Where the node is reached: it answers questions from now on.</summary>
    public IReadOnlyList<Multiaddr>? Addresses { get; init; }
}

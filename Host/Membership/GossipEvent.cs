using Wetware.Core.Multiformats;
using Wetware.Membership.Routing;

namespace Wetware.Host.Membership;

/// <summary>What reaches the membership loop from outside. Invariant: exactly one of the fields is set.</summary>
internal readonly record struct GossipEvent
{
    private GossipEvent(byte[]? frame, Multiaddr? seed, Profile? profile, Publication? publication) =>
        (Frame, Seed, Profile, Publication) = (frame, seed, profile, publication);

    /// <summary>A frame from another member, or from a stranger.</summary>
    public byte[]? Frame { get; }

    /// <summary>Where another member may be met.</summary>
    public Multiaddr? Seed { get; }

    /// <summary>What the node says of itself from now on.</summary>
    public Profile? Profile { get; }

    /// <summary>A message of a topic, to be published.</summary>
    public Publication? Publication { get; }

    /// <summary>A frame has come.</summary>
    public static GossipEvent Came(byte[] frame) => new(frame, null, null, null);

    /// <summary>Another member may be met somewhere.</summary>
    public static GossipEvent Met(Multiaddr seed) => new(null, seed, null, null);

    /// <summary>The node says something new of itself.</summary>
    public static GossipEvent Said(Profile profile) => new(null, null, profile, null);

    /// <summary>A message is to be published.</summary>
    public static GossipEvent Published(Publication publication) => new(null, null, null, publication);
}

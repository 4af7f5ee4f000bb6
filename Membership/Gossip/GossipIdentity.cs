using System.Text;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Membership.Routing;

namespace Wetware.Membership.Gossip;

/// <summary>Who a node is and what it says of itself.</summary>
public sealed record GossipIdentity
{
    /// <summary>The peer's key. Not disposed by whoever gets this.</summary>
    public required PeerKey Key { get; init; }

    /// <summary>The cluster's name. Nodes of another do not understand each other.</summary>
    public required string Namespace { get; init; }

    /// <summary>This start of the process: random.</summary>
    public required ServerId Server { get; init; }

    /// <summary>What the node says of itself.</summary>
    public required Profile Profile { get; init; }

    /// <summary>For how long its heartbeats count, in milliseconds.</summary>
    public uint TtlMs { get; init; } = Limits.TtlMsDefault;

    /// <summary>
    /// The number of its first heartbeat: microseconds of the wall clock will do, so that a restart with the same key continues above
    /// what is remembered of the last start. If the clock went back, the node finds out from the others and catches up.
    /// </summary>
    public required ulong FirstSeq { get; init; }

    /// <summary>Throws if it contradicts itself.</summary>
    /// <exception cref="MembershipException">It does.</exception>
    public void Validate()
    {
        if (Profile.Peer != Key.Peer)
        {
            throw new MembershipException("the profile is not that of the key's peer");
        }

        if (Encoding.UTF8.GetByteCount(Namespace) is 0 or > Limits.NamespaceBytesMax)
        {
            throw new MembershipException($"the namespace must have 1 to {Limits.NamespaceBytesMax} bytes");
        }

        if (TtlMs is < 1_000 or > Limits.TtlMsMax)
        {
            throw new MembershipException($"the TTL must be from 1000 to {Limits.TtlMsMax} ms");
        }
    }
}

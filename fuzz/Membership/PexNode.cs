using Wetware.Membership.Gossip;
using Wetware.Membership.Pex;

namespace Wetware.Fuzz.Membership;

/// <summary>A node of a simulation of peer sampling alone.</summary>
internal sealed class PexNode(int number, SignedRecord own, PeerSampler sampler)
{
    internal int Number { get; } = number;

    internal SignedRecord Own { get; } = own;

    internal PeerSampler Sampler { get; } = sampler;

    internal bool IsRunning { get; set; } = true;

    /// <summary>On which side of a partition it is; nodes of different sides do not reach each other.</summary>
    internal int Side { get; set; }
}

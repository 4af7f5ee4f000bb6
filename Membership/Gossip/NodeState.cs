using Wetware.Core;
using Wetware.Membership.Broadcast;
using Wetware.Membership.Pex;

namespace Wetware.Membership.Gossip;

/// <summary>What the parts of one node's protocol share: who is there, who was, the links, what is to be said, and the time.</summary>
internal sealed class NodeState
{
    private Prng _prng;

    internal NodeState(GossipOptions options, ulong tail, ulong seed, ulong now)
    {
        Options = options;
        Tail = tail;
        _prng = new Prng(seed);
        Now = now;
        Rings = new Rings(tail, options.Rings, View);
        Tombstones = new Tombstones(options.TombstonesMax, (ulong)options.TombstoneMs);
        Outbox = new Outbox(tail, options);
        Standings = new Standings(now);
        Links = new Links(Standings);
        Tree = new BroadcastTree(options, View, Tombstones, Rings, Links, Outbox);
        Topics = new TopicTree(options, Rings, Links, Outbox, Counters);
        Probes = new Probes(options, tail, View, Rings, Outbox);
        Detector = new FailureDetector(options, tail, View, Rings, Contacts, Outbox, Probes);
        Reconciler = new Reconciler(options, View, Tombstones, Outbox);
        Joiner = new Joiner(options, View, Outbox);
        Sampler = new PeerSampler(options.Pex, tail, Counters, now, ref _prng);
    }

    internal GossipOptions Options { get; }

    /// <summary>This node's short name.</summary>
    internal ulong Tail { get; }

    /// <summary>The present. It does not go back.</summary>
    internal ulong Now { get; set; }

    internal MemberView View { get; } = new();

    internal Contacts Contacts { get; } = new();

    internal Rings Rings { get; }

    internal Tombstones Tombstones { get; }

    internal Outbox Outbox { get; }

    internal Standings Standings { get; }

    internal Links Links { get; }

    internal BroadcastTree Tree { get; }

    internal TopicTree Topics { get; }

    internal Probes Probes { get; }

    internal FailureDetector Detector { get; }

    internal Reconciler Reconciler { get; }

    internal Joiner Joiner { get; }

    internal PeerSampler Sampler { get; }

    internal GossipCounters Counters { get; } = new();

    /// <summary>Changes of the view that nobody has taken yet.</summary>
    internal Queue<MemberChange> Changes { get; } = new();

    /// <summary>All randomness of the node.</summary>
    internal ref Prng Random => ref _prng;
}

using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Protocol.Routing;

/// <summary>What a node knows of a peer.</summary>
/// <param name="Peer">Who it is.</param>
/// <param name="Server">Which start of its process.</param>
/// <param name="Seq">The number of its latest heartbeat.</param>
/// <param name="Ttl">How long a heartbeat counts.</param>
/// <param name="Host">The name of its machine; empty if it does not say.</param>
/// <param name="Meta">Its labels, each "key=value", in byte order.</param>
/// <param name="Addresses">Where it can be dialled.</param>
public sealed record ClusterRecord(
    PeerId Peer, ServerId Server, ulong Seq, TimeSpan Ttl, string Host, IReadOnlyList<string> Meta, IReadOnlyList<Multiaddr> Addresses);

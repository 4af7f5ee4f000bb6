using Wetware.Core;

namespace Wetware.Membership.Boot;

/// <summary>What strangers say to find each other.</summary>
/// <param name="Kind">What is said.</param>
/// <param name="Namespace">Of which cluster.</param>
/// <param name="Peer">Who says it.</param>
/// <param name="Distance">Of a survey: how near a peer must be to answer.</param>
/// <param name="Addresses">Of a response: where the peer listens, as binary multiaddrs. Those of protocols unknown here are kept as they are.</param>
public sealed record BootPacket(
    BootPacketKind Kind, string Namespace, PeerId Peer, byte Distance, IReadOnlyList<ReadOnlyMemory<byte>> Addresses);

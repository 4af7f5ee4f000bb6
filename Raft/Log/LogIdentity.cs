using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>
/// Who a data folder belongs to. The incarnation is drawn at random by whoever makes a fresh folder and recorded in the
/// cluster's configuration, so that a node whose disk was wiped is not mistaken for its former self.
/// </summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Node">The node.</param>
/// <param name="Incarnation">
/// What a fresh folder is marked with. An existing folder keeps its own, which <see cref="WriteAheadLog.Identity"/> tells.
/// </param>
public readonly record struct LogIdentity(ulong Cluster, NodeId Node, ulong Incarnation);

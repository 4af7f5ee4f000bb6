using Wetware.Core;

namespace Wetware.Raft;

/// <summary>What a member knows about leadership; need not be persisted.</summary>
/// <param name="Leader">The leader of the current term as far as this member knows.</param>
/// <param name="Role">What this member does.</param>
public readonly record struct SoftState(NodeId Leader, Role Role);

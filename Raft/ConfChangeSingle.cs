using Wetware.Core;

namespace Wetware.Raft;

/// <summary>One member's part of a configuration change.</summary>
/// <param name="Type">What happens to it.</param>
/// <param name="NodeId">Who; <see cref="NodeId.None"/> makes the part void.</param>
public readonly record struct ConfChangeSingle(ConfChangeType Type, NodeId NodeId);

using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>The same snapshot is being stored already, by somebody else; try again later.</summary>
/// <param name="group">Of which group.</param>
/// <param name="index">What the snapshot stands for.</param>
public sealed class SnapshotBusyException(GroupId group, LogIndex index)
    : LogException($"the snapshot of group {group} at {index} is being stored already");

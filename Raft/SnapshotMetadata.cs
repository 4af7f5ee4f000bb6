using Wetware.Core;

namespace Wetware.Raft;

/// <summary>What a snapshot stands for.</summary>
/// <param name="Index">The last index whose effects are in it.</param>
/// <param name="Term">The term of the entry at that index.</param>
/// <param name="ConfState">The configuration in force at that index.</param>
public readonly record struct SnapshotMetadata(LogIndex Index, Term Term, ConfState ConfState);

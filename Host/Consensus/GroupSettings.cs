namespace Wetware.Host.Consensus;

/// <summary>What a group's loop goes by.</summary>
/// <param name="SnapshotEntries">Applied entries between two snapshots.</param>
/// <param name="ReadRetryMilliseconds">How long an unanswered read index is awaited before it is asked for again.</param>
internal sealed record GroupSettings(ulong SnapshotEntries, long ReadRetryMilliseconds);

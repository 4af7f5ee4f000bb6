namespace Wetware.Host.Consensus;

/// <summary>What a group's loop goes by.</summary>
/// <param name="SnapshotEntries">Applied entries between two snapshots.</param>
/// <param name="ReadRetryMilliseconds">How long an unanswered read index is awaited before it is asked for again.</param>
/// <param name="ReadsFrom">After which number reads are counted. Drawn anew in each life of the node: answers to what an earlier one asked may still be under way.</param>
/// <param name="QuiesceTicks">After how many ticks without a request the group goes to sleep; zero is never. For nodes of many groups.</param>
internal sealed record GroupSettings(ulong SnapshotEntries, long ReadRetryMilliseconds, ulong ReadsFrom, int QuiesceTicks = 0);

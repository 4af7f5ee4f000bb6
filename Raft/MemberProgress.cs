using Wetware.Core;
using Wetware.Raft.Tracking;

namespace Wetware.Raft;

/// <summary>How far a member is, as its leader sees it.</summary>
/// <param name="Node">The member.</param>
/// <param name="Match">It is known to hold everything up to here.</param>
/// <param name="Next">The next index that will be sent to it.</param>
/// <param name="IsLearner">Whether it receives without voting.</param>
/// <param name="RecentActive">Whether it was heard of since quorum activity was last checked.</param>
/// <param name="IsPaused">Whether nothing is sent to it for now.</param>
/// <param name="NeedsSnapshot">Whether it waits for a snapshot.</param>
public readonly record struct MemberProgress(
    NodeId Node,
    LogIndex Match,
    LogIndex Next,
    bool IsLearner,
    bool RecentActive,
    bool IsPaused,
    bool NeedsSnapshot)
{
    internal static MemberProgress Of(Progress member) => new(
        member.Id,
        member.Match,
        member.Next,
        member.IsLearner,
        member.RecentActive,
        member.IsPaused,
        member.State == ProgressState.Snapshot);
}

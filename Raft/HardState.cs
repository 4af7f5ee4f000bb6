using Wetware.Core;

namespace Wetware.Raft;

/// <summary>
/// What a member must find again after a restart, beside its entries (Ongaro 2014, figure 3.1: persistent state). The
/// commit index is only a hint there: losing it costs a little time, losing term or vote costs safety.
/// </summary>
/// <param name="Term">The latest term the member has seen.</param>
/// <param name="Vote">Whom it voted for in that term; <see cref="NodeId.None"/> if nobody.</param>
/// <param name="Commit">The highest index it knows to be committed.</param>
public readonly record struct HardState(Term Term, NodeId Vote, LogIndex Commit)
{
    /// <summary>Whether this is the state of a member that never took part in anything; in a <see cref="Ready"/>: nothing to persist.</summary>
    public bool IsEmpty => this == default;
}

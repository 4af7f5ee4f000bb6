using Wetware.Core;

namespace Wetware.Host.Consensus;

/// <summary>Where the part of the log's work runs that takes as long as the disk does: beside the loop, which hears of its end by an event.</summary>
internal interface ILogWork
{
    /// <summary>Runs a flush and posts <see cref="RaftEventKind.Flushed"/> when it has returned. One is under way at a time.</summary>
    void Flush(Action run);

    /// <summary>Runs the storing of a snapshot, and posts what it returned as a <see cref="RaftEventKind.Call"/>.</summary>
    void Store(GroupId group, Func<Action> run);
}

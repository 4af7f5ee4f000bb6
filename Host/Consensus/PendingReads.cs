using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>Reads that wait for their index to be told by the leader, and then to be applied here. Owned by the loop.</summary>
/// <param name="node">Whom to ask.</param>
/// <param name="retryMilliseconds">After how long to ask again: an answer may never come.</param>
/// <param name="from">After which number reads are counted: none of an earlier life of this node may come again, whose answers may still be under way.</param>
internal sealed class PendingReads(RawNode node, long retryMilliseconds, ulong from)
{
    private readonly List<LinearRead> _waiting = [];
    private ulong _number = from;

    public void Ask(LinearRead read, long now)
    {
        _waiting.Add(read);
        read.Number = NextNumber();
        read.AskAgain = now + retryMilliseconds;
        node.ReadIndex(read.Number);
    }

    /// <summary>Takes the leader's answers. One answer serves every read that was asked for no later.</summary>
    public void Confirm(ReadOnlySpan<ReadState> states)
    {
        foreach (var state in states)
        {
            foreach (var read in _waiting)
            {
                if (read.Index == LogIndex.Zero && read.Number == state.Context)
                {
                    read.Index = state.Index;
                }
            }
        }
    }

    public void Applied(LogIndex applied)
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var read = _waiting[i];
            if (read.Index != LogIndex.Zero && read.Index <= applied)
            {
                _waiting.RemoveAt(i);
                read.Complete();
            }
        }
    }

    public void Tick(long now)
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var read = _waiting[i];
            if (read.Deadline <= now)
            {
                _waiting.RemoveAt(i);
                read.Fail(new WetwareException(FailureReason.Unavailable, "no majority: no leader confirmed in time that this node is up to date"));
            }
            else if (read.Index == LogIndex.Zero && read.AskAgain <= now)
            {
                read.Number = NextNumber();
                read.AskAgain = now + retryMilliseconds;
                node.ReadIndex(read.Number);
            }
        }
    }

    public void FailAll(string reason)
    {
        _waiting.ForEach(read => read.Fail(new WetwareException(FailureReason.Unavailable, reason)));
        _waiting.Clear();
    }

    private ulong NextNumber() => unchecked(++_number);
}

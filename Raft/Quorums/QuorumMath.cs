namespace Wetware.Raft.Quorums;

/// <summary>
/// What more than half of a set of voters agree to. A group without voters agrees to everything, so that the minimum
/// over the halves of a joint configuration does the right thing when one half is empty.
/// </summary>
internal static class QuorumMath
{
    /// <summary>The highest value that more than half have reached. Reorders its argument; who has not answered counts as 0.</summary>
    public static ulong Reached(Span<ulong> values)
    {
        if (values.Length == 0)
        {
            return ulong.MaxValue;
        }

        // Insertion sort: groups are small, and the order rarely changes much from call to call.
        for (var i = 1; i < values.Length; i++)
        {
            var value = values[i];
            var j = i - 1;
            for (; j >= 0 && values[j] > value; j--)
            {
                values[j + 1] = values[j];
            }

            values[j + 1] = value;
        }

        return values[values.Length - ((values.Length / 2) + 1)];
    }

    /// <summary>How a vote of <paramref name="voters"/> stands after that many answers of each kind.</summary>
    public static VoteResult Tally(int voters, int granted, int refused)
    {
        var quorum = (voters / 2) + 1;
        if (voters == 0 || granted >= quorum)
        {
            return VoteResult.Won;
        }

        return voters - refused >= quorum ? VoteResult.Pending : VoteResult.Lost;
    }

    /// <summary>A vote that both halves of a joint configuration have to win.</summary>
    public static VoteResult Both(VoteResult incoming, VoteResult outgoing)
    {
        if (incoming == outgoing)
        {
            return incoming;
        }

        return incoming == VoteResult.Lost || outgoing == VoteResult.Lost ? VoteResult.Lost : VoteResult.Pending;
    }
}

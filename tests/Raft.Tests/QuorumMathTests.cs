using FsCheck;
using FsCheck.Fluent;
using Wetware.Raft.Quorums;
using Property = Wetware.Testing.Property;

namespace Wetware.Raft.Tests;

/// <summary>The arithmetic of quorums against the obvious definition of "more than half".</summary>
public sealed class QuorumMathTests
{
    private static Gen<ulong[]> Values => Gen.ArrayOf(Gen.Choose(0, 12).Select(n => (ulong)n)).Where(values => values.Length <= 9);

    [Fact]
    public void ReachedIsTheHighestValueThatMoreThanHalfHaveReached() => Property.Check(Values, values =>
    {
        var obvious = values.Length == 0 ? ulong.MaxValue : Enumerable.Range(0, 13).Select(n => (ulong)n).Last(n => IsQuorum(values.Count(v => v >= n), values.Length));
        return QuorumMath.Reached([.. values]) == obvious;
    }, cases: 2000);

    [Fact]
    public void AVoteIsWonOrLostExactlyWhenTheMissingAnswersCannotMatter() => Property.Check(
        Gen.ArrayOf(Gen.Elements<bool?>(true, false, null)).Where(answers => answers.Length is > 0 and <= 9),
        answers =>
        {
            var (granted, refused) = (answers.Count(a => a == true), answers.Count(a => a == false));
            var obvious = IsQuorum(granted, answers.Length) ? VoteResult.Won
                : IsQuorum(answers.Length - refused, answers.Length) ? VoteResult.Pending
                : VoteResult.Lost;
            return QuorumMath.Tally(answers.Length, granted, refused) == obvious;
        },
        cases: 2000);

    [Fact]
    public void TwoQuorumsAlwaysMeet()
    {
        // Why it all works: whoever wins has a voter in common with every earlier winner.
        for (var size = 1; size <= 9; size++)
        {
            var quorum = Enumerable.Range(0, size + 1).First(n => QuorumMath.Tally(size, n, 0) == VoteResult.Won);
            Assert.True(2 * quorum > size);
        }
    }

    [Fact]
    public void AJointVoteNeedsBothHalves()
    {
        Assert.Equal(VoteResult.Won, QuorumMath.Both(VoteResult.Won, VoteResult.Won));
        Assert.Equal(VoteResult.Pending, QuorumMath.Both(VoteResult.Won, VoteResult.Pending));
        Assert.Equal(VoteResult.Lost, QuorumMath.Both(VoteResult.Won, VoteResult.Lost));
        Assert.Equal(VoteResult.Lost, QuorumMath.Both(VoteResult.Pending, VoteResult.Lost));
    }

    private static bool IsQuorum(int count, int size) => count > size / 2.0;
}

using Wetware.Raft.Quorums;

namespace Wetware.Raft.Tests.Conformance;

/// <summary>The commands of the quorum files.</summary>
internal static class QuorumFiles
{
    public static string Run(Directive directive)
    {
        var incoming = Set(directive, "cfg");
        var outgoing = Set(directive, "cfgj");
        var voters = incoming.Concat(outgoing).Distinct().ToList();
        return directive.Command == "committed"
            ? Committed(voters, incoming, outgoing, directive.Values("idx"))
            : Vote(voters, incoming, outgoing, directive.Values("votes"));
    }

    private static ulong[] Set(Directive directive, string key) => directive.Values(key) is ["zero"] ? [] : directive.Numbers(key);

    private static string Committed(List<ulong> voters, ulong[] incoming, ulong[] outgoing, string[] values)
    {
        ulong Of(ulong voter) => values[voters.IndexOf(voter)].Trim() is "_" ? 0 : Directive.Number(values[voters.IndexOf(voter)]);
        var reached = Math.Min(
            QuorumMath.Reached([.. incoming.Select(Of)]),
            QuorumMath.Reached([.. outgoing.Select(Of)]));
        return reached == ulong.MaxValue ? "<empty majority quorum>∞" : reached.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Vote(List<ulong> voters, ulong[] incoming, ulong[] outgoing, string[] values)
    {
        VoteResult Of(ulong[] half) => QuorumMath.Tally(
            half.Length,
            half.Count(voter => values[voters.IndexOf(voter)].Trim() == "y"),
            half.Count(voter => values[voters.IndexOf(voter)].Trim() == "n"));
        return "Vote" + QuorumMath.Both(Of(incoming), Of(outgoing));
    }
}

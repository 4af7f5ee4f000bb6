using System.Text.RegularExpressions;

namespace Wetware.Cli.Demo;

/// <summary>Counts, from what the nodes logged, how often leadership went from one to another.</summary>
internal static partial class LeaderLog
{
    public static int Changes(DemoCluster cluster)
    {
        var leaders = new SortedDictionary<ulong, string>();
        foreach (var line in cluster.Nodes.SelectMany(node => File.ReadLines(node.LogFile)))
        {
            if (Elected().Match(line) is { Success: true } match)
            {
                leaders[ulong.Parse(match.Groups["term"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)] = match.Groups["leader"].Value;
            }
        }

        return Math.Max(0, leaders.Count - 1);
    }

    [GeneratedRegex("leader (?<leader>[0-9a-f]{2,}) in term (?<term>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Elected();
}

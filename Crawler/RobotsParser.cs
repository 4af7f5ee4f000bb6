using System.Globalization;
using System.Text;

namespace Wetware.Crawler;

/// <summary>
/// Reads a robots.txt after RFC 9309: groups that begin with one or more User-agent lines, all groups of one crawler taken together, the
/// groups of <c>*</c> only where no other names it. Whatever is not understood is skipped, never an error.
/// </summary>
public static class RobotsParser
{
    /// <summary>The rules for one crawler.</summary>
    /// <param name="file">The file's bytes; what goes beyond <see cref="Limits.RobotsBytesMax"/> is not read.</param>
    /// <param name="productToken">The crawler's name, such as <c>wetware</c>.</param>
    public static RobotsRules Parse(ReadOnlySpan<byte> file, string productToken)
    {
        var text = Encoding.UTF8.GetString(Bounded(file));
        var own = new Group();
        var everyone = new Group();
        var reading = Target.None;
        var inAgents = false;
        foreach (var line in text.AsSpan().TrimStart('\uFEFF').EnumerateLines())
        {
            if (!TrySplit(line, out var name, out var value))
            {
                continue;
            }

            if (name.Equals("user-agent", StringComparison.OrdinalIgnoreCase))
            {
                reading = inAgents ? reading : Target.None;
                inAgents = true;
                reading |= TargetOf(value, productToken);
                own.Named |= reading.HasFlag(Target.Own);
                continue;
            }

            // Other lines, such as Sitemap, belong to no group and end none (section 2.2.4).
            inAgents &= !Read(name, value, reading, own, everyone);
        }

        return (own.Named ? own : everyone).ToRules();
    }

    /// <summary>The whole lines within the limit: half a rule would forbid more than the site meant.</summary>
    private static ReadOnlySpan<byte> Bounded(ReadOnlySpan<byte> file)
    {
        if (file.Length <= Limits.RobotsBytesMax)
        {
            return file;
        }

        var bounded = file[..Limits.RobotsBytesMax];
        return bounded[..(bounded.LastIndexOfAny((byte)'\n', (byte)'\r') + 1)];
    }

    private static bool TrySplit(ReadOnlySpan<char> line, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        var comment = line.IndexOf('#');
        if (comment >= 0)
        {
            line = line[..comment];
        }

        var colon = line.IndexOf(':');
        name = colon < 0 ? default : line[..colon].Trim();
        value = colon < 0 ? default : line[(colon + 1)..].Trim();
        return colon >= 0;
    }

    private static Target TargetOf(ReadOnlySpan<char> agent, string productToken)
    {
        if (agent is "*")
        {
            return Target.Everyone;
        }

        // A version or remark after the token does not matter (section 2.2.1).
        var end = 0;
        while (end < agent.Length && (char.IsAsciiLetter(agent[end]) || agent[end] is '-' or '_'))
        {
            end++;
        }

        return agent[..end].Equals(productToken, StringComparison.OrdinalIgnoreCase) ? Target.Own : Target.None;
    }

    /// <summary>Returns whether the line is one of a group's rules.</summary>
    private static bool Read(ReadOnlySpan<char> name, ReadOnlySpan<char> value, Target reading, Group own, Group everyone)
    {
        var allows = name.Equals("allow", StringComparison.OrdinalIgnoreCase);
        var isRule = allows || name.Equals("disallow", StringComparison.OrdinalIgnoreCase);
        if (!isRule && !name.Equals("crawl-delay", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (reading.HasFlag(Target.Own))
        {
            own.Add(isRule, allows, value);
        }

        if (reading.HasFlag(Target.Everyone))
        {
            everyone.Add(isRule, allows, value);
        }

        return true;
    }

    [Flags]
    private enum Target
    {
        None = 0,
        Own = 1,
        Everyone = 2,
    }

    private sealed class Group
    {
        private readonly List<RobotsRule> _rules = [];
        private uint _delay;

        public bool Named { get; set; }

        public void Add(bool isRule, bool allows, ReadOnlySpan<char> value)
        {
            if (!isRule)
            {
                if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
                {
                    _delay = (uint)Math.Min(seconds * 1000, Limits.CrawlDelayMillisecondsMax);
                }
            }
            else if (value.Length is > 0 and <= Limits.RobotsPatternBytesMax)
            {
                // An empty pattern restricts nothing.
                _rules.Add(new RobotsRule(value.ToString(), allows));
            }
        }

        public RobotsRules ToRules() => new([.. _rules], _delay);
    }
}

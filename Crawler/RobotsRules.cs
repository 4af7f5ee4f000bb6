namespace Wetware.Crawler;

/// <summary>What one robots.txt says to one crawler.</summary>
public sealed class RobotsRules
{
    private readonly RobotsRule[] _rules;
    private readonly bool _unreachable;

    internal RobotsRules(RobotsRule[] rules, uint crawlDelayMilliseconds)
    {
        _rules = rules;
        CrawlDelayMilliseconds = crawlDelayMilliseconds;
    }

    private RobotsRules(bool unreachable)
    {
        _rules = [];
        _unreachable = unreachable;
    }

    /// <summary>There is no robots.txt, so everything is allowed (RFC 9309, section 2.3.1.3).</summary>
    public static RobotsRules AllowAll { get; } = new(unreachable: false);

    /// <summary>The server failed, so nothing may be assumed allowed (RFC 9309, section 2.3.1.4).</summary>
    public static RobotsRules DisallowAll { get; } = new(unreachable: true);

    /// <summary>How long the site asks to wait between requests; 0 where it does not ask. Not part of the RFC, but widely meant.</summary>
    public uint CrawlDelayMilliseconds { get; }

    /// <summary>Whether the file could not be had because the server failed.</summary>
    public bool IsUnreachable => _unreachable;

    /// <summary>
    /// Whether the path and query may be fetched: the longest matching rule decides, Allow wins between equals, and without a match
    /// it is allowed. The robots.txt itself always is.
    /// </summary>
    public bool Allows(ReadOnlySpan<char> pathAndQuery)
    {
        if (pathAndQuery.SequenceEqual("/robots.txt"))
        {
            return true;
        }

        if (_unreachable)
        {
            return false;
        }

        var longest = -1;
        var allows = true;
        foreach (ref readonly var rule in _rules.AsSpan())
        {
            if ((rule.Length > longest || (rule.Length == longest && rule.Allows)) && rule.Matches(pathAndQuery))
            {
                longest = rule.Length;
                allows = rule.Allows;
            }
        }

        return allows;
    }
}

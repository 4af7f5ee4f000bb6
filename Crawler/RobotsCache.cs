namespace Wetware.Crawler;

/// <summary>
/// The rules of the sites visited lately. A file is trusted for a day (RFC 9309, section 2.4); a site whose server failed is asked again
/// sooner. Not safe for concurrent use.
/// </summary>
public sealed class RobotsCache
{
    private readonly Dictionary<string, Entry> _sites = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>The rules of a site, if they are known and fresh.</summary>
    /// <param name="origin">Scheme, host and port.</param>
    /// <param name="now">The time in milliseconds.</param>
    public RobotsRules? Find(string origin, ulong now)
    {
        if (!_sites.TryGetValue(origin, out var entry) || now >= entry.FreshUntil)
        {
            return null;
        }

        _byUse.Remove(entry.Place);
        _byUse.AddLast(entry.Place);
        return entry.Rules;
    }

    /// <summary>Remembers the rules of a site.</summary>
    public void Add(string origin, RobotsRules rules, ulong now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (_sites.Remove(origin, out var old))
        {
            _byUse.Remove(old.Place);
        }
        else if (_sites.Count == Limits.HostsMax)
        {
            _sites.Remove(_byUse.First!.Value.Origin);
            _byUse.RemoveFirst();
        }

        var freshFor = rules.IsUnreachable ? Limits.RobotsRetryMilliseconds : Limits.RobotsCacheMilliseconds;
        var entry = new Entry(origin, rules, now + freshFor);
        _sites.Add(origin, entry);
        _byUse.AddLast(entry.Place);
    }

    private sealed class Entry
    {
        public readonly string Origin;
        public readonly RobotsRules Rules;
        public readonly ulong FreshUntil;
        public readonly LinkedListNode<Entry> Place;

        public Entry(string origin, RobotsRules rules, ulong freshUntil)
        {
            Origin = origin;
            Rules = rules;
            FreshUntil = freshUntil;
            Place = new LinkedListNode<Entry>(this);
        }
    }
}

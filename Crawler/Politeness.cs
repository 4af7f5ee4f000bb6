using Wetware.Core;

namespace Wetware.Crawler;

/// <summary>
/// Who may be asked when: so many requests at a time to one host, and a pause between the starts of two. Time is told, in milliseconds
/// that never go back. Not safe for concurrent use.
/// Invariant: a host is forgotten only while nobody is visiting it.
/// </summary>
/// <param name="delayMilliseconds">The pause between the starts of two requests to one host.</param>
/// <param name="concurrencyMax">Requests to one host at a time.</param>
public sealed class Politeness(uint delayMilliseconds, int concurrencyMax)
{
    private readonly Dictionary<string, Visits> _hosts = new(StringComparer.Ordinal);
    private readonly LinkedList<Visits> _byUse = new();

    /// <summary>Hosts that are remembered.</summary>
    public int Count => _hosts.Count;

    /// <summary>Begins a request to a host, if it may begin now.</summary>
    /// <param name="authority">The host and port.</param>
    /// <param name="now">The time.</param>
    /// <param name="robotsDelayMilliseconds">What the host's robots.txt asks for.</param>
    /// <param name="wait">If it may not: how long until it is worth asking again.</param>
    public bool TryEnter(string authority, ulong now, uint robotsDelayMilliseconds, out ulong wait)
    {
        var host = Use(authority);
        var delay = Math.Max(delayMilliseconds, Math.Min(robotsDelayMilliseconds, Limits.CrawlDelayMillisecondsMax));
        if (host.Active >= concurrencyMax)
        {
            wait = Math.Max(delay, 1);
            return false;
        }

        if (now < host.NextAllowed)
        {
            wait = host.NextAllowed - now;
            return false;
        }

        host.Active++;
        host.NextAllowed = now + delay;
        wait = 0;
        return true;
    }

    /// <summary>Ends a request that was begun.</summary>
    public void Leave(string authority)
    {
        var known = _hosts.TryGetValue(authority, out var host);
        Invariant.Check(known && host!.Active > 0);
        host!.Active--;
    }

    private Visits Use(string authority)
    {
        if (_hosts.TryGetValue(authority, out var host))
        {
            _byUse.Remove(host.Place);
        }
        else
        {
            ForgetOne();
            host = new Visits(authority);
            _hosts.Add(authority, host);
        }

        _byUse.AddLast(host.Place);
        return host;
    }

    private void ForgetOne()
    {
        if (_hosts.Count < Limits.HostsMax)
        {
            return;
        }

        for (var place = _byUse.First; place is not null; place = place.Next)
        {
            if (place.Value.Active == 0)
            {
                _byUse.Remove(place);
                _hosts.Remove(place.Value.Authority);
                return;
            }
        }
    }

    private sealed class Visits
    {
        public readonly string Authority;
        public readonly LinkedListNode<Visits> Place;
        public int Active;
        public ulong NextAllowed;

        public Visits(string authority)
        {
            Authority = authority;
            Place = new LinkedListNode<Visits>(this);
        }
    }
}

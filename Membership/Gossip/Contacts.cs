namespace Wetware.Membership.Gossip;

/// <summary>When this node last had word from each member: from itself, or vouched for by one that had.</summary>
internal sealed class Contacts
{
    private readonly Dictionary<ulong, ulong> _heardAt = [];

    /// <summary>When any frame last came, from anyone.</summary>
    internal ulong LastFrame { get; private set; }

    /// <summary>Takes note of a frame from a member.</summary>
    internal void Hear(ulong tail, ulong now)
    {
        LastFrame = Math.Max(LastFrame, now);
        Vouched(tail, now);
    }

    /// <summary>Takes note that another heard from a member.</summary>
    internal void Vouched(ulong tail, ulong at)
    {
        if (!_heardAt.TryGetValue(tail, out var before) || before < at)
        {
            _heardAt[tail] = at;
        }
    }

    /// <summary>Whether there was word from a member after a moment.</summary>
    internal bool HeardAfter(ulong tail, ulong moment) => _heardAt.TryGetValue(tail, out var at) && at > moment;

    /// <summary>How long ago there was word, in milliseconds; the largest number if there never was.</summary>
    internal ulong Age(ulong tail, ulong now) => _heardAt.TryGetValue(tail, out var at) ? now - Math.Min(at, now) : ulong.MaxValue;

    /// <summary>Whether another than <paramref name="tail"/> sent a frame after a moment.</summary>
    internal bool AnyOtherAfter(ulong tail, ulong moment)
    {
        if (LastFrame <= moment)
        {
            return false;
        }

        foreach (var (other, at) in _heardAt)
        {
            if (other != tail && at > moment)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>This node was stopped until now: silence in that time means nothing.</summary>
    internal void Excuse(ulong now) => LastFrame = now;

    internal void Forget(ulong tail) => _heardAt.Remove(tail);
}

namespace Wetware.Membership.Broadcast;

/// <summary>Which links of the broadcast tree are lazy: over them go digests, and what they name only if it is asked for.</summary>
internal sealed class Links(Standings standings)
{
    private readonly HashSet<ulong> _lazy = [];

    internal bool IsLazy(ulong to) => _lazy.Contains(to) || standings.IsLazy(to);

    /// <summary>Makes a link lazy; false if it was.</summary>
    internal bool Prune(ulong to) => _lazy.Add(to);

    /// <summary>A peer sent what was here already: the link becomes lazy. That it goes on although it was asked not to is held against it.</summary>
    internal void Repeated(ulong from)
    {
        if (!_lazy.Add(from))
        {
            standings.Blame(from, Offence.Duplicate);
        }
    }

    internal void Graft(ulong to) => _lazy.Remove(to);
}

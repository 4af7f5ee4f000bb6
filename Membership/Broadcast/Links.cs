namespace Wetware.Membership.Broadcast;

/// <summary>Which links of the broadcast tree are lazy: over them go digests, and what they name only if it is asked for.</summary>
internal sealed class Links
{
    private readonly HashSet<ulong> _lazy = [];

    internal bool IsLazy(ulong to) => _lazy.Contains(to);

    /// <summary>Makes a link lazy; false if it was.</summary>
    internal bool Prune(ulong to) => _lazy.Add(to);

    internal void Graft(ulong to) => _lazy.Remove(to);
}

using System.Runtime.InteropServices;
using Wetware.Core;

namespace Wetware.Membership.Broadcast;

/// <summary>
/// What is held against each peer: a number that each offence lowers and time brings back to zero. A low one makes the link to the peer
/// lazy; a very low one means that the peer is not listened to until it has recovered. Only what was proved to come from a peer counts
/// against it, so nobody can speak ill of another. Invariant: no standing is above zero or below <see cref="Limits.StandingMin"/>.
/// </summary>
internal sealed class Standings
{
    /// <summary>What is so nearly forgotten is forgotten.</summary>
    private const double Forgotten = -0.5;

    private readonly Dictionary<ulong, Standing> _peers = [];
    private readonly List<ulong> _forgotten = [];
    private ulong _now;

    internal Standings(ulong now) => _now = now;

    /// <summary>Whether any peer has been blamed of late or is being counted.</summary>
    internal int Count => _peers.Count;

    internal void Blame(ulong tail, Offence offence)
    {
        ref var standing = ref Get(tail);
        var cost = offence switch
        {
            Offence.BadSignature or Offence.Malformed => 30,
            Offence.Excess => 0.1,
            _ => 0.2,
        };
        // An honest peer may repeat itself for long, if what it was asked was lost: that alone never silences it.
        var floor = offence == Offence.Duplicate ? Math.Min(standing.Value, Limits.StandingLazy - 1) : Limits.StandingMin;
        standing.Value = Math.Max(floor, standing.Value - cost);
        standing.IsIgnored |= standing.Value <= Limits.StandingIgnored;
    }

    /// <summary>Counts a frame from a peer; false if it is one too many.</summary>
    internal bool TryFrame(ulong tail)
    {
        if (Get(tail).Frames.TryTake(1, TimeOf(_now)))
        {
            return true;
        }

        Blame(tail, Offence.Excess);
        return false;
    }

    internal bool IsLazy(ulong tail) => _peers.TryGetValue(tail, out var standing) && standing.Value <= Limits.StandingLazy;

    internal bool IsIgnored(ulong tail) => _peers.TryGetValue(tail, out var standing) && standing.IsIgnored;

    /// <summary>What is held against a peer: zero or less.</summary>
    internal double Of(ulong tail) => _peers.TryGetValue(tail, out var standing) ? standing.Value : 0;

    /// <summary>Moves time on.</summary>
    internal void Tick(ulong now)
    {
        var passed = now - Math.Min(now, _now);
        _now = Math.Max(_now, now);
        var left = Math.Pow(0.5, passed / (double)Limits.StandingHalfLifeMs);
        _forgotten.Clear();
        foreach (var tail in _peers.Keys)
        {
            ref var standing = ref CollectionsMarshal.GetValueRefOrNullRef(_peers, tail);
            standing.Value *= left;
            standing.IsIgnored &= standing.Value <= Limits.StandingLazy;
            if (standing.Value > Forgotten && standing.Frames.IsFull(TimeOf(now)))
            {
                _forgotten.Add(tail);
            }
        }

        foreach (var tail in _forgotten)
        {
            _peers.Remove(tail);
        }
    }

    private ref Standing Get(ulong tail)
    {
        ref var standing = ref CollectionsMarshal.GetValueRefOrAddDefault(_peers, tail, out var isKnown);
        if (!isKnown)
        {
            standing.Frames = new TokenBucket(Limits.PeerFramesPerSecondMax, Limits.PeerFramesBurst, TimeOf(_now));
        }

        return ref standing;
    }

    private static TimeSpan TimeOf(ulong now) => TimeSpan.FromMilliseconds((long)now);

    private struct Standing
    {
        internal double Value;
        internal TokenBucket Frames;
        internal bool IsIgnored;
    }
}

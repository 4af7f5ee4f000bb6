using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Membership.Gossip;

/// <summary>
/// Gets a newcomer its first view: calls a seed, then pulls the seed's view page by page. Seeds that are not in the view are
/// called again for ever, ever more rarely.
/// </summary>
internal sealed class Joiner(GossipOptions options, MemberView view, Outbox outbox)
{
    private readonly List<Multiaddr> _seeds = [];
    private ulong _source;
    private uint _pullAt;
    private ulong _retryAt;
    private int _waitMs = options.SeedMs;
    private int _turn;

    /// <summary>Whether the whole view of some member has been pulled.</summary>
    internal bool IsDone { get; private set; }

    internal void Add(Multiaddr seed)
    {
        if (!_seeds.Contains(seed))
        {
            _seeds.Add(seed);
            _retryAt = 0;
            _waitMs = options.SeedMs;
        }
    }

    internal void Tick(SignedRecord own, ulong now)
    {
        if (now < _retryAt)
        {
            return;
        }

        if (_pullAt != 0 && view.Contains(_source))
        {
            // A page or its request was lost.
            Pull(now);
            return;
        }

        _pullAt = 0;
        _retryAt = now + (ulong)_waitMs;
        _waitMs = Math.Min(_waitMs * 2, view.Count > 1 ? options.SeedMsMax : options.SeedMsMax / 5);
        if (NextSeed(own) is { } seed)
        {
            var frame = outbox.Stranger(seed);
            frame.Records.Add(own);
            frame.PullAt = 1;
        }
    }

    /// <summary>A page came from a member; asks for the next.</summary>
    internal void Page(ulong from, uint next, ulong now)
    {
        if (next == uint.MaxValue)
        {
            IsDone = true;
            _pullAt = 0;
            return;
        }

        if (next > _pullAt)
        {
            (_source, _pullAt) = (from, next);
            Pull(now);
        }
    }

    /// <summary>Sends a page of the own view to one who asked.</summary>
    internal void Serve(ulong to, uint at, SignedRecord own)
    {
        var frame = outbox.Page(to);
        var start = (int)Math.Min(at - 1, (uint)view.Count);
        var end = start;
        if (start == 0)
        {
            // Whoever is new cannot check a frame before it knows its sender.
            frame.Records.Add(own);
        }

        for (var bytes = 0; end < view.Count && end - start < options.PageRecords && bytes < Limits.PageBytesMax; end++)
        {
            if (view[end].Tail != to && view[end].Tail != own.Tail)
            {
                frame.Records.Add(view[end]);
                bytes += view[end].Envelope.Length;
            }
        }

        frame.PageNext = end == view.Count ? uint.MaxValue : (uint)end + 1;
    }

    private void Pull(ulong now)
    {
        _retryAt = now + (ulong)options.SeedMs;
        outbox.Urgent(_source).PullAt = _pullAt;
    }

    /// <summary>The next seed that is not in the view, nor this node itself.</summary>
    private Multiaddr? NextSeed(SignedRecord own)
    {
        for (var tries = 0; tries < _seeds.Count; tries++)
        {
            _turn = (_turn + 1) % _seeds.Count;
            var seed = _seeds[_turn];
            if (!IsIn(own, seed) && !IsKnown(seed))
            {
                return seed;
            }
        }

        return null;
    }

    private bool IsKnown(Multiaddr seed)
    {
        if (seed.Peer is { IsNone: false } peer)
        {
            return view.Contains(peer.Tail);
        }

        for (var i = 0; i < view.Count; i++)
        {
            if (IsIn(view[i], seed))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(SignedRecord record, Multiaddr address)
    {
        foreach (var own in record.Record.Profile.Addresses)
        {
            if (own.Equals(address))
            {
                return true;
            }
        }

        return false;
    }
}

using Wetware.Core.Multiformats;
using Wetware.Membership.Gossip;

namespace Wetware.Membership.Pex;

/// <summary>
/// Peer sampling for a member of a cluster. What the sample is for: it remembers peers that are out of reach for as long as anybody does,
/// over restarts too, and calls them now and then, so that parts of a cluster find each other again however long they were apart; one who
/// knows nobody any more calls all of it. Its exchanges travel in frames between members, as digests where they can; where it has room, it
/// is filled with random members.
/// </summary>
internal sealed class MemberSampling(NodeState state, OwnRecord own)
{
    private readonly List<PexEntry> _received = [];
    private ulong _callAt;
    private int _turn;

    private PeerSampler Sampler => state.Sampler;

    internal void Tick()
    {
        if (state.View.Count == 1)
        {
            CallAll();
            return;
        }

        Fill();
        if (Sampler.TryRepeat(state.Now, out var to, out var given) && state.View.Contains(to))
        {
            Send(to, given, isAnswer: false);
        }

        if (!Sampler.TryBegin(state.Now, ref state.Random, out var partner))
        {
            return;
        }

        if (state.View.Contains(partner.Tail))
        {
            Send(partner.Tail, Sampler.Give(partner.Tail, own.Latest, state.Now, ref state.Random), isAnswer: false);
        }
        else
        {
            Sampler.Await(partner.Tail, state.Now);
            Call(partner);
        }
    }

    /// <summary>Takes in half of an exchange from a member.</summary>
    internal void Receive(Frame frame)
    {
        _received.Clear();
        foreach (var sample in frame.Samples)
        {
            if (Resolve(frame.From, in sample) is { } record)
            {
                _received.Add(new PexEntry(record, sample.Hop));
            }
        }

        if (frame.IsSampleAnswer)
        {
            Sampler.Take(frame.From, _received, state.Now, ref state.Random);
        }
        else if (Sampler.Answer(frame.From, _received, own.Latest, state.Now, ref state.Random) is { } answer)
        {
            Send(frame.From, answer, isAnswer: true);
        }
    }

    /// <summary>Which record a sample is of: the one that this node has, if it has one of that peer, for that was checked already.</summary>
    private SignedRecord? Resolve(ulong from, in Sample sample)
    {
        if (state.View.TryGet(sample.Digest.Tail, out var member))
        {
            return member;
        }

        // The giver is a member, or its frame would not have come so far.
        var isRemembered = sample.Record is not null && sample.Digest.Tail != from && !state.Tombstones.Blocks(sample.Record);
        return isRemembered ? sample.Record : null;
    }

    private void Send(ulong to, List<PexEntry> given, bool isAnswer)
    {
        var samples = new List<Sample>(given.Count);
        foreach (var entry in given)
        {
            var isMember = state.View.Contains(entry.Record.Tail);
            samples.Add(new Sample(Digest.Of(entry.Record), entry.Hop, isMember ? null : entry.Record));
        }

        state.Outbox.Exchange(to, samples, isAnswer);
    }

    /// <summary>A view that has room takes a random member at each tick: those that happened to be heard of first are no better than others.</summary>
    private void Fill()
    {
        var view = Sampler.View;
        if (view.Count >= Math.Min(state.Options.Pex.View, state.View.Count - 1))
        {
            return;
        }

        var member = state.View.Random(ref state.Random);
        if (!view.Contains(member.Tail))
        {
            view.TryAdd(new PexEntry(member, 1));
        }
    }

    /// <summary>One who has nobody left calls all that it remembers, a few at a time, over and over.</summary>
    private void CallAll()
    {
        if (state.Now < _callAt)
        {
            return;
        }

        _callAt = state.Now + (ulong)state.Options.Pex.AloneMs;
        for (var i = 0; i < Math.Min(state.Options.Pex.AloneCalls, Sampler.View.Count); i++)
        {
            Call(Sampler.View[_turn++ % Sampler.View.Count].Record);
        }
    }

    /// <summary>Introduces this node to a peer that is no member, and asks for its view.</summary>
    private void Call(SignedRecord peer)
    {
        if (peer.Record.Profile.Addresses is { Length: > 0 } addresses)
        {
            Multiaddr address = addresses[(int)state.Random.Below((ulong)addresses.Length)];
            var frame = state.Outbox.Stranger(address);
            frame.Records.Add(own.Latest);
            frame.PullAt = 1;
        }
    }
}

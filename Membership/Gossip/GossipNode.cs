using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Membership.Broadcast;
using Wetware.Membership.Pex;

namespace Wetware.Membership.Gossip;

/// <summary>
/// The membership protocol of one node, without I/O: it is told the time and the frames that came, and says what to send and how its view
/// of the cluster changed. Everything in a frame that it is given must have been authenticated. Time is in milliseconds of a clock
/// that does not go back; all randomness comes from the seed. Driven by one thread.
/// Invariant: the node itself is in its view, with its latest record, until it leaves.
/// </summary>
public sealed class GossipNode
{
    private readonly NodeState _state;
    private readonly OwnRecord _own;
    private readonly Burials _burials;
    private readonly MemberSampling _sampling;
    private readonly FrameHandler _frames;

    /// <summary>A node that knows nobody but itself.</summary>
    /// <param name="options">The protocol's times and sizes.</param>
    /// <param name="self">Seals this node's records.</param>
    /// <param name="firstSeq">The number of its first record: from a wall clock, so that it is above that of an earlier start.</param>
    /// <param name="seed">Of its randomness.</param>
    /// <param name="now">The present, in milliseconds.</param>
    public GossipNode(GossipOptions options, ISelf self, ulong firstSeq, ulong seed, ulong now)
    {
        options.Validate();
        var first = self.Seal(firstSeq, leave: false);
        _state = new NodeState(options, first.Tail, seed, now);
        _own = new OwnRecord(_state, self, first);
        _burials = new Burials(_state, _own);
        _sampling = new MemberSampling(_state, _own);
        _frames = new FrameHandler(_state, _own, _burials, _sampling);
    }

    /// <summary>This node's latest record.</summary>
    public SignedRecord Own => _own.Latest;

    /// <summary>How many members the view has, this node included.</summary>
    public int Count => _state.View.Count;

    /// <summary>Whether the node has had the whole view of another since its start.</summary>
    public bool HasJoined => _state.Joiner.IsDone;

    /// <summary>Whether the node has left and says nothing more.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Whether another process runs with the same key and this one has stood back for it: it no longer renews its record.</summary>
    public bool HasYielded => _own.HasYielded;

    /// <summary>What the node saw and did.</summary>
    public GossipCounters Counters => _state.Counters;

    /// <summary>The members next to this one, by short name: those it hands news to.</summary>
    public IReadOnlyList<ulong> Neighbours => _state.Rings.Neighbours;

    /// <summary>Members of the view, this node included, by place; the order is arbitrary and changes with the view.</summary>
    public SignedRecord Member(int at) => _state.View[at];

    /// <summary>The latest record of a member; false if it is not in the view.</summary>
    public bool TryGet(ulong tail, out SignedRecord? record) => _state.View.TryGet(tail, out record);

    /// <summary>The record of anyone this node would recognise: a member, or one that is gone.</summary>
    public bool TryRecognise(ulong tail, out SignedRecord? record) => _state.View.TryGet(tail, out record) || _state.Tombstones.TryGet(tail, out record);

    /// <summary>Whether a record would tell this node anything, so that checking its signature is worth the while.</summary>
    public bool IsNews(in PeerId peer, ulong seq, ServerId server)
    {
        if (!TryRecognise(peer.Tail, out var known))
        {
            return true;
        }

        var order = Routing.PeerRecord.CompareAge(seq, server, known!.Record.Seq, known.Record.Server);
        return order > 0 || (order == 0 && !_state.View.Contains(peer.Tail));
    }

    /// <summary>Names a place where another member may be met.</summary>
    public void AddSeed(Multiaddr address) => _state.Joiner.Add(address);

    /// <summary>What is held against peers.</summary>
    internal Standings Standings => _state.Standings;

    /// <summary>The sample of peers that this node keeps.</summary>
    internal PexView Sample => _state.Sampler.View;

    /// <summary>Remembers a peer of an earlier start. It need not be there any more.</summary>
    internal void Remember(SignedRecord record, ulong hop)
    {
        if (!_state.View.Contains(record.Tail))
        {
            _state.Sampler.View.TryAdd(new PexEntry(record, Math.Max(hop, 1)));
        }
    }

    /// <summary>Takes in a member without telling anybody, as if it had always been there: how a simulation begins with a large cluster.</summary>
    internal void Preload(SignedRecord record)
    {
        if (record.Tail != _state.Tail)
        {
            _state.View.Set(record);
            _state.Rings.Add(record.Tail);
        }
    }

    /// <summary>Seals the node's record anew, because its profile changed, and tells everybody.</summary>
    public void Refresh(ulong now)
    {
        Advance(now);
        if (!HasLeft)
        {
            _own.Reseal(_own.Latest.Record.Seq + 1);
            _state.Outbox.CloseAll();
        }
    }

    /// <summary>Says goodbye. The frames that say so are the last.</summary>
    public void Leave(ulong now)
    {
        Advance(now);
        if (!HasLeft)
        {
            HasLeft = true;
            _own.Leave();
            _state.Outbox.CloseAll();
        }
    }

    /// <summary>Moves time on; call every <see cref="GossipOptions.TickMs"/>.</summary>
    public void Tick(ulong now)
    {
        Advance(now);
        if (HasLeft)
        {
            return;
        }

        _state.Standings.Tick(_state.Now);
        _burials.LoseUnrenewed();
        foreach (var dead in _state.Detector.Tick(_state.Now, ref _state.Random))
        {
            _burials.Declare(dead);
        }

        _state.Tree.Tick(_state.Now);
        _state.Topics.Tick(_state.Now);
        _state.Joiner.Tick(_own.Latest, _state.Now);
        _state.Tombstones.Expire(_state.Now);
        _burials.Seek();
        _sampling.Tick();
        _state.Outbox.CloseAll();
    }

    /// <summary>Takes in a frame. Returns false, having done nothing, if its sender is a stranger that does not introduce itself.</summary>
    public bool Receive(Frame frame, ulong now)
    {
        Advance(now);
        if (HasLeft || frame.From == _state.Tail)
        {
            return true;
        }

        Counters.FramesIn++;
        foreach (var record in frame.Records)
        {
            _frames.Learn(record, frame);
        }

        if (!_state.View.Contains(frame.From))
        {
            if (!_state.Tombstones.TryGet(frame.From, out var buried))
            {
                return false;
            }

            _state.Outbox.Say(frame.From, new Word(WordKind.Buried, frame.From, buried.Record.Seq, 0));
        }

        _state.Contacts.Hear(frame.From, _state.Now);
        _state.Detector.Heard(frame.From, _state.Now);
        _frames.Probed(frame);
        foreach (var word in frame.Words)
        {
            _frames.Hear(frame.From, in word);
        }

        _frames.Exchange(frame);
        _state.Outbox.CloseUrgent();
        return true;
    }

    /// <summary>Takes one frame to be sent; call until it returns false, after every other call.</summary>
    public bool TryTakeOutgoing(out Outgoing outgoing)
    {
        if (_state.Outbox.TryTakeStranger(out outgoing))
        {
            Counters.FramesOut++;
            return true;
        }

        while (_state.Outbox.TryTake(out var to, out var frame))
        {
            if (!TryRecognise(to, out var record))
            {
                continue;
            }

            if (frame.Ping != 0)
            {
                _own.Introduce(to, frame);
            }

            Counters.FramesOut++;
            outgoing = new Outgoing(record, null, frame);
            return true;
        }

        outgoing = default;
        return false;
    }

    /// <summary>Takes one change of the view; call until it returns false, after every other call.</summary>
    public bool TryTakeChange(out MemberChange change) => _state.Changes.TryDequeue(out change);

    /// <summary>Hands a message of this node to everybody, this node included.</summary>
    public void Publish(TopicMessage message, ulong now)
    {
        Advance(now);
        Invariant.Check(message.Id.Origin == _state.Tail);
        if (!HasLeft)
        {
            _state.Topics.Receive(message, _state.Tail);
            _state.Outbox.CloseUrgent();
        }
    }

    /// <summary>Takes one message of a topic; false if there is none.</summary>
    public bool TryTakeMessage([NotNullWhen(true)] out TopicMessage? message) => _state.Topics.TryTake(out message);

    /// <summary>Whether a message came before, so that checking its signature is not worth the while.</summary>
    public bool IsSeen(in MessageId id) => _state.Topics.IsSeen(in id);

    private void Advance(ulong now)
    {
        if (now <= _state.Now)
        {
            return;
        }

        // The first tick after a stop comes late; what was awaited meanwhile may yet be in the queue.
        if (now - _state.Now >= (ulong)_state.Options.PauseMs)
        {
            Counters.Paused++;
            _state.Contacts.Excuse(now);
            _state.Detector.Paused(now);
        }

        _state.Now = now;
    }
}

using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Membership.Broadcast;

namespace Wetware.Membership.Gossip;

/// <summary>
/// The membership protocol of one node, without I/O: it is told the time and the frames that came, and says what to send and how its view
/// of the cluster changed. Everything in a frame that it is given must have been authenticated. Time is in milliseconds of a clock
/// that does not go back; all randomness comes from the seed. Driven by one thread.
/// Invariant: the node itself is in its view, with its latest record, until it leaves.
/// </summary>
public sealed class GossipNode
{
    /// <summary>A process that has jumped over a rival's number so often is not looking at its own past, but at a living twin.</summary>
    private const int JumpsMax = 3;

    private readonly GossipOptions _options;
    private readonly ISelf _self;
    private readonly ulong _tail;
    private readonly MemberView _view = new();
    private readonly Contacts _contacts = new();
    private readonly Rings _rings;
    private readonly Tombstones _tombstones;
    private readonly Outbox _outbox;
    private readonly Links _links = new();
    private readonly BroadcastTree _tree;
    private readonly TopicTree _topics;
    private readonly Probes _probes;
    private readonly FailureDetector _detector;
    private readonly Reconciler _reconciler;
    private readonly Joiner _joiner;
    private readonly Queue<MemberChange> _changes = new();
    private readonly List<ulong> _scratch = [];
    private Prng _prng;
    private SignedRecord _own;
    private ulong _now;
    private ulong _ownSince;
    private ulong _seekAt;
    private int _jumps;

    /// <summary>A node that knows nobody but itself.</summary>
    /// <param name="options">The protocol's times and sizes.</param>
    /// <param name="self">Seals this node's records.</param>
    /// <param name="firstSeq">The number of its first record: from a wall clock, so that it is above that of an earlier start.</param>
    /// <param name="seed">Of its randomness.</param>
    /// <param name="now">The present, in milliseconds.</param>
    public GossipNode(GossipOptions options, ISelf self, ulong firstSeq, ulong seed, ulong now)
    {
        options.Validate();
        _options = options;
        _self = self;
        _prng = new Prng(seed);
        _now = now;
        _own = self.Seal(firstSeq, leave: false);
        _ownSince = now;
        _tail = _own.Tail;
        _rings = new Rings(_tail, options.Rings);
        _tombstones = new Tombstones(options.TombstonesMax, (ulong)options.TombstoneMs);
        _outbox = new Outbox(_tail, options);
        _tree = new BroadcastTree(options, _view, _rings, _links, _outbox);
        _topics = new TopicTree(options, _rings, _links, _outbox, Counters);
        _probes = new Probes(options, _tail, _view, _rings, _outbox);
        _detector = new FailureDetector(options, _tail, _view, _rings, _contacts, _outbox, _probes);
        _reconciler = new Reconciler(options, _view, _tombstones, _outbox);
        _joiner = new Joiner(options, _view, _outbox);
        _view.Set(_own);
    }

    /// <summary>This node's latest record.</summary>
    public SignedRecord Own => _own;

    /// <summary>How many members the view has, this node included.</summary>
    public int Count => _view.Count;

    /// <summary>Whether the node has had the whole view of another since its start.</summary>
    public bool HasJoined => _joiner.IsDone;

    /// <summary>Whether the node has left and says nothing more.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Whether another process runs with the same key and this one has stood back for it: it no longer renews its record.</summary>
    public bool HasYielded { get; private set; }

    /// <summary>What the node saw and did.</summary>
    public GossipCounters Counters { get; } = new();

    /// <summary>The members next to this one, by short name: those it hands news to.</summary>
    public IReadOnlyList<ulong> Neighbours => _rings.Neighbours;

    /// <summary>Members of the view, this node included, by place; the order is arbitrary and changes with the view.</summary>
    public SignedRecord Member(int at) => _view[at];

    /// <summary>The latest record of a member; false if it is not in the view.</summary>
    public bool TryGet(ulong tail, out SignedRecord? record) => _view.TryGet(tail, out record);

    /// <summary>The record of anyone this node would recognise: a member, or one that is gone.</summary>
    public bool TryRecognise(ulong tail, out SignedRecord? record) => _view.TryGet(tail, out record) || _tombstones.TryGet(tail, out record);

    /// <summary>Whether a record would tell this node anything, so that checking its signature is worth the while.</summary>
    public bool IsNews(in PeerId peer, ulong seq, ServerId server)
    {
        if (!TryRecognise(peer.Tail, out var known))
        {
            return true;
        }

        var order = Routing.PeerRecord.CompareAge(seq, server, known!.Record.Seq, known.Record.Server);
        return order > 0 || (order == 0 && !_view.Contains(peer.Tail));
    }

    /// <summary>Names a place where another member may be met.</summary>
    public void AddSeed(Multiaddr address) => _joiner.Add(address);

    /// <summary>Takes in a member without telling anybody, as if it had always been there: how a simulation begins with a large cluster.</summary>
    internal void Preload(SignedRecord record)
    {
        if (record.Tail != _tail)
        {
            _view.Set(record);
            _rings.Add(record.Tail);
        }
    }

    /// <summary>Seals the node's record anew, because its profile changed, and tells everybody.</summary>
    public void Refresh(ulong now)
    {
        Advance(now);
        if (!HasLeft)
        {
            Reseal(_own.Record.Seq + 1);
            _outbox.CloseAll();
        }
    }

    /// <summary>Says goodbye. The frames that say so are the last.</summary>
    public void Leave(ulong now)
    {
        Advance(now);
        if (HasLeft)
        {
            return;
        }

        _own = _self.Seal(_own.Record.Seq + 1, leave: true);
        HasLeft = true;
        foreach (var to in _rings.Neighbours)
        {
            _outbox.Send(to, _own);
        }

        _outbox.CloseAll();
    }

    /// <summary>Moves time on; call every <see cref="GossipOptions.TickMs"/>.</summary>
    public void Tick(ulong now)
    {
        Advance(now);
        if (HasLeft)
        {
            return;
        }

        LoseUnrenewed();
        foreach (var dead in _detector.Tick(_now, ref _prng))
        {
            Declare(dead);
        }

        _tree.Tick(_now);
        _topics.Tick(_now);
        _joiner.Tick(_own, _now);
        _tombstones.Expire(_now);
        Seek();
        _outbox.CloseAll();
    }

    /// <summary>Takes in a frame. Returns false, having done nothing, if its sender is a stranger that does not introduce itself.</summary>
    public bool Receive(Frame frame, ulong now)
    {
        Advance(now);
        if (HasLeft || frame.From == _tail)
        {
            return true;
        }

        Counters.FramesIn++;
        foreach (var record in frame.Records)
        {
            Learn(record, frame);
        }

        if (!_view.Contains(frame.From))
        {
            if (!_tombstones.TryGet(frame.From, out var buried))
            {
                return false;
            }

            _outbox.Say(frame.From, new Word(WordKind.Buried, frame.From, buried.Record.Seq, 0));
        }

        _contacts.Hear(frame.From, _now);
        _detector.Heard(frame.From, _now);
        Probed(frame);
        foreach (var word in frame.Words)
        {
            Hear(frame.From, in word);
        }

        Exchange(frame);
        _outbox.CloseUrgent();
        return true;
    }

    /// <summary>Takes one frame to be sent; call until it returns false, after every other call.</summary>
    public bool TryTakeOutgoing(out Outgoing outgoing)
    {
        if (_outbox.TryTakeStranger(out outgoing))
        {
            Counters.FramesOut++;
            return true;
        }

        while (_outbox.TryTake(out var to, out var frame))
        {
            if (!TryRecognise(to, out var record))
            {
                continue;
            }

            if (frame.Ping != 0)
            {
                Introduce(to, frame);
            }

            Counters.FramesOut++;
            outgoing = new Outgoing(record, null, frame);
            return true;
        }

        outgoing = default;
        return false;
    }

    /// <summary>Takes one change of the view; call until it returns false, after every other call.</summary>
    public bool TryTakeChange(out MemberChange change) => _changes.TryDequeue(out change);

    /// <summary>Hands a message of this node to everybody, this node included.</summary>
    public void Publish(TopicMessage message, ulong now)
    {
        Advance(now);
        Invariant.Check(message.Id.Origin == _tail);
        if (!HasLeft)
        {
            _topics.Receive(message, _tail);
            _outbox.CloseUrgent();
        }
    }

    /// <summary>Takes one message of a topic; false if there is none.</summary>
    public bool TryTakeMessage([NotNullWhen(true)] out TopicMessage? message) => _topics.TryTake(out message);

    /// <summary>Whether a message came before, so that checking its signature is not worth the while.</summary>
    public bool IsSeen(in MessageId id) => _topics.IsSeen(in id);

    private bool IsYoung => _now - Math.Min(_now, _ownSince) < (ulong)_options.YoungMs;

    private void Advance(ulong now)
    {
        if (now <= _now)
        {
            return;
        }

        // The first tick after a stop comes late; what was awaited meanwhile may yet be in the queue.
        if (now - _now >= (ulong)_options.PauseMs)
        {
            Counters.Paused++;
            _contacts.Excuse(now);
            _detector.Paused(now);
        }

        _now = now;
    }

    private void Learn(SignedRecord record, Frame frame)
    {
        if (record.Tail == _tail)
        {
            Reflected(record);
            return;
        }

        if (_tombstones.Blocks(record) || (_view.TryGet(record.Tail, out var known) && !record.Supersedes(known)))
        {
            Counters.Stale++;
            if (frame.PageNext == 0 && record.Tail != frame.From)
            {
                _tree.Duplicate(frame.From);
            }

            return;
        }

        if (record.IsLeave)
        {
            Bury(record, Fate.Left);
            _tree.Push(record, frame.From, _now);
            return;
        }

        var joined = !_view.Contains(record.Tail);
        _view.Set(record);
        _reconciler.Changed(_now);
        if (joined)
        {
            _rings.Add(record.Tail);
            _tombstones.Remove(record.Tail);
        }

        _tree.Push(record, frame.From, _now);
        _changes.Enqueue(new MemberChange(joined ? MemberChangeKind.Joined : MemberChangeKind.Updated, record));
    }

    /// <summary>A record of this node's own peer came back: an earlier start's, or that of a twin that runs with the same key.</summary>
    private void Reflected(SignedRecord record)
    {
        if (record.Record.Server == _own.Record.Server || !record.Supersedes(_own) || record.IsLeave)
        {
            return;
        }

        _jumps++;
        if (_jumps > JumpsMax)
        {
            // Of two twins exactly one stands back, so they do not push each other out for ever.
            Counters.Conflicts++;
            HasYielded |= _own.Record.Server < record.Record.Server;
        }

        if (!HasYielded)
        {
            Reseal(record.Record.Seq + 1);
        }
    }

    private void Reseal(ulong seq)
    {
        var sealedRecord = _self.Seal(seq, leave: false);
        Invariant.Check(sealedRecord.Tail == _tail && sealedRecord.Supersedes(_own));
        _own = sealedRecord;
        _ownSince = _now;
        _view.Set(_own);
        _reconciler.Changed(_now);
        _tree.Push(_own, _tail, _now);
        _changes.Enqueue(new MemberChange(MemberChangeKind.Updated, _own));
    }

    private void Probed(Frame frame)
    {
        if (frame.Ping != 0)
        {
            var answer = _outbox.Urgent(frame.From);
            answer.Ack = frame.Ping;
            answer.Fingerprint = (uint)_view.Fingerprint;
            answer.ViewCount = (uint)_view.Count;
        }

        if (frame.Ack != 0)
        {
            _scratch.Clear();
            if (_probes.Answered(frame.From, frame.Ack, _scratch))
            {
                _detector.Answered();
            }

            foreach (var asker in _scratch)
            {
                _outbox.Say(asker, new Word(WordKind.Vouch, frame.From, 0, 0));
            }
        }

        if (frame.ViewCount != 0)
        {
            _reconciler.Compare(frame.From, frame.Fingerprint, IsYoung, _now);
        }
    }

    private void Hear(ulong from, in Word word)
    {
        switch (word.Kind)
        {
            case WordKind.Reach when _view.Contains(word.Subject) && word.Subject != _tail:
                _probes.Ping(word.Subject, from, _now);
                break;
            case WordKind.Vouch:
                _detector.Vouched(in word, _now);
                break;
            case WordKind.Alert:
                _detector.Alerted(from, in word, _now);
                break;
            case WordKind.Dead or WordKind.Buried when word.Subject == _tail:
                Refute(from, word.Seq);
                break;
            case WordKind.Dead:
                Condemned(from, in word);
                break;
            case WordKind.Buried when _view.TryGet(word.Subject, out var record) && record.Record.Seq <= word.Seq:
                // One that lives will speak up with a newer record, which both sides then believe.
                _outbox.Say(word.Subject, word);
                _detector.Verify(word.Subject, _now);
                break;
            default:
                break;
        }
    }

    private void Refute(ulong from, ulong seq)
    {
        if (HasYielded)
        {
            return;
        }

        if (seq >= _own.Record.Seq)
        {
            Counters.Refuted++;
            Reseal(seq + 1);
        }

        _outbox.Send(from, _own);
        _outbox.Urgent(from);
    }

    /// <summary>A member's observers declared it dead.</summary>
    private void Condemned(ulong from, in Word word)
    {
        if (!_view.TryGet(word.Subject, out var record) || record.Record.Seq > word.Seq)
        {
            return;
        }

        var age = _contacts.Age(word.Subject, _now);
        if (age <= (ulong)_options.ContactMs)
        {
            // This node had word from it more recently than a doubt takes: the sentence is wrong, and the member should know.
            _outbox.Say(from, new Word(WordKind.Vouch, word.Subject, word.Seq, (uint)age));
            _outbox.Say(word.Subject, word);
            return;
        }

        Flood(from, in word);
        Bury(record, Fate.Died);
    }

    private void Declare(ulong tail)
    {
        if (!_view.TryGet(tail, out var record))
        {
            return;
        }

        Counters.Declared++;
        var word = new Word(WordKind.Dead, tail, record.Record.Seq, 0);
        Flood(_tail, in word);
        _outbox.Say(tail, new Word(WordKind.Buried, tail, record.Record.Seq, 0));
        Bury(record, Fate.Died);
    }

    private void Flood(ulong from, in Word word)
    {
        foreach (var to in _rings.Neighbours)
        {
            if (to != from && to != word.Subject)
            {
                _outbox.Say(to, in word);
            }
        }
    }

    private void Bury(SignedRecord record, Fate fate)
    {
        var known = _view.Contains(record.Tail);
        _tombstones.Add(record, fate, _now);
        if (!known)
        {
            return;
        }

        _view.Remove(record.Tail);
        _rings.Remove(record.Tail, _view);
        _links.Graft(record.Tail);
        _topics.Forget(record.Tail);
        _detector.Forget(record.Tail);
        _contacts.Forget(record.Tail);
        _reconciler.Changed(_now);
        _changes.Enqueue(new MemberChange(fate == Fate.Left ? MemberChangeKind.Left : MemberChangeKind.Died, record));
    }

    /// <summary>A node that hears from nobody cannot renew anything it believes: its records run out.</summary>
    private void LoseUnrenewed()
    {
        var alone = _now - Math.Min(_now, Math.Max(_contacts.LastFrame, _ownSince));
        if (_view.Count < 2 || alone < 1_000)
        {
            return;
        }

        _scratch.Clear();
        for (var i = 0; i < _view.Count; i++)
        {
            if (_view[i].Tail != _tail && _view[i].Record.TtlMs <= alone)
            {
                _scratch.Add(_view[i].Tail);
            }
        }

        foreach (var tail in _scratch)
        {
            if (_view.TryGet(tail, out var record))
            {
                Bury(record, Fate.Lost);
            }
        }
    }

    private void Exchange(Frame frame)
    {
        if (frame.Prune)
        {
            _links.Prune(frame.From);
        }

        if (frame.Graft)
        {
            _links.Graft(frame.From);
        }

        foreach (var digest in frame.Have)
        {
            if (!_tombstones.Blocks(digest, out _) && digest.Tail != _tail)
            {
                _tree.Announced(frame.From, digest, _now);
            }
        }

        foreach (var wanted in frame.Want)
        {
            if (_view.TryGet(wanted, out var record))
            {
                _outbox.Send(frame.From, record);
                _outbox.Urgent(frame.From);
            }
        }

        _scratch.Clear();
        foreach (var range in frame.Sync)
        {
            _reconciler.Answer(frame.From, range, _scratch);
        }

        foreach (var tail in _scratch)
        {
            if (_tombstones.TryGet(tail, out var buried))
            {
                _outbox.Say(tail, new Word(WordKind.Buried, tail, buried.Record.Seq, 0));
            }
        }

        foreach (var message in frame.Messages)
        {
            _topics.Receive(message, frame.From);
        }

        foreach (var id in frame.MessagesHave)
        {
            _topics.Announced(frame.From, in id, _now);
        }

        foreach (var id in frame.MessagesWant)
        {
            _topics.Wanted(frame.From, in id);
        }

        if (frame.PageNext != 0)
        {
            _joiner.Page(frame.From, frame.PageNext, _now);
        }

        if (frame.PullAt != 0)
        {
            _joiner.Serve(frame.From, frame.PullAt, _own);
        }
    }

    /// <summary>Looks for a member that died without a word: it may have been cut off, and a whole part of the cluster with it.</summary>
    private void Seek()
    {
        if (_now < _seekAt || !_tombstones.TryRandomDead(ref _prng, out var dead))
        {
            return;
        }

        var age = (int)Math.Min(_now - _tombstones.LastDeath, (ulong)_options.TombstoneMs);
        _seekAt = _now + (ulong)_prng.Between(_options.SeekMs / 2, _options.SeekMs + (age / 10));
        _outbox.Say(dead.Tail, new Word(WordKind.Buried, dead.Tail, dead.Record.Seq, 0));
        var frame = _outbox.Urgent(dead.Tail);
        frame.Records.Add(_own);
    }

    /// <summary>Adds what goes with every probe: the view's fingerprint, and this node's record where it may not be known yet.</summary>
    private void Introduce(ulong to, Frame frame)
    {
        frame.Fingerprint = (uint)_view.Fingerprint;
        frame.ViewCount = (uint)_view.Count;
        if ((IsYoung && !_contacts.HeardAfter(to, _ownSince)) || _detector.IsDoubted(to))
        {
            if (!frame.Records.Contains(_own))
            {
                frame.Records.Add(_own);
            }
        }
    }
}

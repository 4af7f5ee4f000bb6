using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;
using Wetware.Testing;

namespace Wetware.Host.Tests.Consensus;

/// <summary>What must hold of the messages to other members, whatever becomes of the requests that they travel in.</summary>
public sealed class PeerQueuesTests
{
    private const int Peers = 3;
    private const int Groups = 5;

    [Fact]
    public void Messages_leave_in_their_order_in_bounded_requests_one_at_a_time_and_none_vanishes_without_a_word()
    {
        var seed = Property.Seed();
        for (var run = 0UL; run < 200; run++)
        {
            new Run(seed + run).Go(steps: 400);
        }
    }

    [Fact]
    public void A_peer_that_takes_nothing_costs_bounded_messages_and_bytes_and_hinders_nobody_else()
    {
        var carrier = new Carrier(_ => Carriage.UnderWay);
        var queues = new PeerQueues(carrier);
        var payload = new byte[64 << 10];
        queues.Send(new GroupId(1), Heartbeat(to: 1, number: 0));
        queues.Flush();
        var refused = 0;
        for (ulong i = 1; i <= 1000; i++)
        {
            queues.Send(new GroupId(1), Heartbeat(to: 1, i) with { Type = MessageType.MsgApp, Entries = new[] { new Entry(new Term(1), new LogIndex(i), EntryType.Normal, payload) } });
            queues.Flush();
            refused += queues.TakeNotices().Length;
        }

        Assert.Single(carrier.Carried);
        Assert.InRange((1000 - refused) * (long)payload.Length, Host.Consensus.Limits.PeerBytesMax / 2, Host.Consensus.Limits.PeerBytesMax);
        queues.Send(new GroupId(1), Heartbeat(to: 2, number: 0));
        queues.Flush();
        Assert.Equal(2, carrier.Carried.Count);

        for (ulong i = 0; i < 2 * Host.Consensus.Limits.PeerMessagesMax; i++)
        {
            queues.Send(new GroupId(1), Heartbeat(to: 3, i));
        }

        Assert.Equal([new RaftEvent(RaftEventKind.Unreachable, new GroupId(1)) { Node = new NodeId(3), HasFailed = true }], queues.TakeNotices().ToArray());
    }

    [Fact]
    public void A_witness_is_told_its_snapshot_by_a_message_whose_fate_the_leader_hears_of()
    {
        foreach (var (fate, hasFailed) in new[] { (Carriage.Gone, false), (Carriage.Lost, true) })
        {
            var queues = new PeerQueues(new Carrier(_ => fate));
            var metadata = new SnapshotMetadata(new LogIndex(5), new Term(1), ConfState.OfVoters(new NodeId(1)));
            queues.Send(new GroupId(7), Heartbeat(to: 2, number: 0) with { Type = MessageType.MsgSnap, Snapshot = new Snapshot(metadata, default) });
            queues.Flush();
            Assert.Contains(new RaftEvent(RaftEventKind.SnapshotSent, new GroupId(7)) { Node = new NodeId(2), HasFailed = hasFailed }, queues.TakeNotices().ToArray());
        }
    }

    private static Message Heartbeat(ulong to, ulong number) =>
        new() { Type = MessageType.MsgHeartbeat, From = new NodeId(9), To = new NodeId(to), Term = new Term(1), Context = number };

    private sealed class Carrier(Func<NodeId, Carriage> fate) : IMessageCarrier
    {
        public List<(NodeId To, (GroupId Group, ulong Number)[] Messages, Carriage Fate)> Carried { get; } = [];

        public Carriage Carry(MessageBatch batch)
        {
            var messages = new (GroupId, ulong)[batch.Count];
            for (var i = 0; i < messages.Length; i++)
            {
                messages[i] = (batch.Messages[i].Group, ((Envelope)batch.Messages[i].Subject!).Message.Context);
            }

            Carried.Add((batch.To, messages, fate(batch.To)));
            if (Carried[^1].Fate != Carriage.Lost)
            {
                batch.ReturnEnvelopes();
            }

            return Carried[^1].Fate;
        }

        public void CarrySnapshot(GroupId group, in Message message) => Assert.Fail("there is no snapshot to transfer");
    }

    private sealed class Run
    {
        private readonly List<(ulong To, ulong Group, ulong Number)> _sent = [];
        private readonly HashSet<(ulong To, ulong Group)> _told = [];
        private readonly HashSet<ulong> _underWay = [];
        private readonly Carrier _carrier;
        private readonly PeerQueues _queues;
        private Prng _random;

        public Run(ulong seed)
        {
            _random = new Prng(seed);
            _carrier = new Carrier(to =>
            {
                Assert.DoesNotContain(to.Value, _underWay);
                var fate = (Carriage)_random.Below(3);
                if (fate == Carriage.UnderWay)
                {
                    _underWay.Add(to.Value);
                }

                return fate;
            });
            _queues = new PeerQueues(_carrier);
        }

        public void Go(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                switch (_random.Below(8))
                {
                    case 0: _queues.Flush(); break;
                    case 1: Land(); break;
                    default: Send(burst: _random.Chance(0.02) ? 1500 : 1); break;
                }

                Hear();
            }

            while (_underWay.Count > 0)
            {
                Land();
            }

            _queues.Flush();
            while (_underWay.Count > 0)
            {
                Land();
            }

            Hear();
            Check();
        }

        private void Send(int burst)
        {
            var to = _random.Below(Peers) + 1;
            for (; burst > 0; burst--)
            {
                var group = _random.Below(Groups) + 1;
                _queues.Send(new GroupId(group), Heartbeat(to, (ulong)_sent.Count));
                _sent.Add((to, group, (ulong)_sent.Count));
            }
        }

        private void Land()
        {
            if (_underWay.Count > 0)
            {
                var to = _underWay.First();
                _underWay.Remove(to);
                _queues.Carried(new NodeId(to), hasFailed: _random.Chance(0.3));
            }
        }

        private void Hear()
        {
            foreach (ref readonly var notice in _queues.TakeNotices())
            {
                Assert.Equal(RaftEventKind.Unreachable, notice.Kind);
                _told.Add((notice.Node.Value, notice.Group.Value));
            }
        }

        private void Check()
        {
            var left = _carrier.Carried.Where(request => request.Fate != Carriage.Lost).SelectMany(request => request.Messages.Select(message => (To: request.To.Value, Group: message.Group.Value, message.Number))).ToList();
            foreach (var request in _carrier.Carried)
            {
                Assert.InRange(request.Messages.Length, 1, Host.Consensus.Limits.RequestMessagesMax);
            }

            for (ulong to = 1; to <= Peers; to++)
            {
                var numbers = left.Where(message => message.To == to).Select(message => message.Number).ToList();
                Assert.Equal(numbers.Order(), numbers);
                Assert.Equal(numbers.Count, numbers.Distinct().Count());
            }

            foreach (var missing in _sent.Except(left))
            {
                Assert.Contains((missing.To, missing.Group), _told);
            }
        }
    }
}

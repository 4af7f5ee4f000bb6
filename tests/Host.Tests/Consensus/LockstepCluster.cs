using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;

namespace Wetware.Host.Tests.Consensus;

/// <summary>Nodes of many groups that are ticked together and without threads. Counts the requests that go between them.</summary>
internal sealed class LockstepCluster
{
    private readonly Node[] _nodes;

    public LockstepCluster(int nodes, int groups, int heartbeatTicks)
    {
        NodeId[] voters = [.. Enumerable.Range(1, nodes).Select(i => new NodeId((ulong)i))];
        _nodes = [.. voters.Select(id => new Node(this, id, voters, groups, heartbeatTicks))];
    }

    /// <summary>Requests sent since the count was last set.</summary>
    public long Requests { get; set; }

    /// <summary>Raft messages in them.</summary>
    public long Messages { get; set; }

    /// <summary>Has a node lead a group.</summary>
    public void Elect(int node, int group)
    {
        _nodes[node].Raft[group].Campaign();
        Settle();
        Assert.Equal(Role.Leader, _nodes[node].Raft[group].SoftState.Role);
    }

    /// <summary>A tick of every node, and all that follows from it.</summary>
    public void Tick()
    {
        foreach (var node in _nodes)
        {
            node.Turn([], isTick: true);
        }

        Settle();
    }

    private void Settle()
    {
        foreach (var node in _nodes)
        {
            node.Turn([], isTick: false);
        }

        while (Array.Find(_nodes, node => node.Arrived.Count > 0) is { } busy)
        {
            busy.Turn(busy.Arrived.Dequeue(), isTick: false);
        }
    }

    private sealed class Node : IMessageCarrier
    {
        private readonly LockstepCluster _cluster;
        private readonly RaftGroups _groups = new();
        private readonly MemoryLogs _logs = new();
        private readonly PeerQueues _queues;

        public Node(LockstepCluster cluster, NodeId id, NodeId[] voters, int groups, int heartbeatTicks)
        {
            (_cluster, _queues) = (cluster, new PeerQueues(this));
            for (var i = 1; i <= groups; i++)
            {
                var (group, machine, state) = (new GroupId((ulong)i), new SumMachine(), new ArrayBufferWriter<byte>());
                new MemberDirectory().Save(state);
                machine.Capture().WriteTo(state);
                var snapshot = new Snapshot(new SnapshotMetadata(new LogIndex(1), new Term(1), ConfState.OfVoters(voters)), state.WrittenMemory);
                var raft = new RawNode(new RaftConfig
                {
                    Id = id,
                    Storage = _logs.Begin(group, snapshot),
                    Seed = ((ulong)i << 8) + id.Value,
                    AsyncStorageWrites = true,
                    AlignHeartbeats = true,
                    ElectionTicks = 10 * heartbeatTicks,
                    HeartbeatTicks = heartbeatTicks,
                    Applied = new LogIndex(1),
                });
                var member = new RaftGroup(group, raft, machine, new MemberDirectory(), _queues, _logs, new GroupSettings(1000, 1000, ReadsFrom: 0), NullLogger.Instance);
                member.Start(snapshot, snapshot.Data);
                _groups.Add(member);
                Raft.Add(raft);
            }
        }

        public List<RawNode> Raft { get; } = [];

        public Queue<List<RaftEvent>> Arrived { get; } = new();

        public void Turn(List<RaftEvent> arrived, bool isTick) => _groups.Turn(_logs, _queues, arrived, isTick, now: 0);

        Carriage IMessageCarrier.Carry(MessageBatch batch)
        {
            _cluster.Requests++;
            _cluster.Messages += batch.Count;
            _cluster._nodes[batch.To.Value - 1].Arrived.Enqueue([.. batch.Messages]);
            return Carriage.Gone;
        }

        void IMessageCarrier.CarrySnapshot(GroupId group, in Message message) => Assert.Fail("nobody needs a snapshot");
    }
}

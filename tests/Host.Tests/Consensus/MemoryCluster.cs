using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol;
using Wetware.Raft;

namespace Wetware.Host.Tests.Consensus;

/// <summary>
/// Real Raft loops joined by memory: every message is delivered at once, unless its link is cut. The first member campaigns at
/// once; after that an election takes so long a silence that a busy machine does not cause one.
/// </summary>
internal sealed class MemoryCluster : IDisposable
{
    public static readonly GroupId Group = new(1);

    /// <summary>A thread that is starved of its processor ticks slowly, so an election may take a while there.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly ConcurrentDictionary<NodeId, Member> _members = new();
    private readonly ConcurrentDictionary<NodeId, bool> _cut = new();

    public MemoryCluster(int nodes)
    {
        var voters = Enumerable.Range(1, nodes).Select(i => new NodeId((ulong)i)).ToArray();
        foreach (var voter in voters)
        {
            _members[voter] = new Member(this, voter, voters);
        }

        foreach (var member in _members.Values)
        {
            member.Loop.Start(member.Logs, member.Queues);
        }

        _members[voters[0]].Campaign();
    }

    public IEnumerable<Member> Members => _members.Values;

    public void Cut(NodeId node) => _cut[node] = true;

    public void Heal(NodeId node) => _cut.TryRemove(node, out _);

    public async Task<Member> LeaderAsync(NodeId other = default)
    {
        while (true)
        {
            var changes = _members.Values.Select(member => member.Group.Changed).ToArray();
            if (_members.Values.FirstOrDefault(member => member.Group.Status.IsLeader && member.Id != other) is { } leader)
            {
                return leader;
            }

            await Task.WhenAny(changes).WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Has a command applied once: what was certainly dropped, as by a change of leader, is proposed again.</summary>
    public async Task<Outcome> CommitAsync(byte[] command)
    {
        while (true)
        {
            var leader = await LeaderAsync();
            var outcome = await leader.Loop.ProposeAsync(Group, command, Patience);
            if (outcome.Kind != OutcomeKind.Dropped)
            {
                Assert.Equal(OutcomeKind.Committed, outcome.Kind);
                return outcome;
            }
        }
    }

    public void Dispose()
    {
        foreach (var member in _members.Values)
        {
            member.Loop.Dispose();
        }
    }

    private Member? Reach(NodeId from, NodeId to) => !_cut.ContainsKey(from) && !_cut.ContainsKey(to) ? _members.GetValueOrDefault(to) : null;

    internal sealed class Member : IMessageCarrier
    {
        private readonly MemoryCluster _cluster;

        public Member(MemoryCluster cluster, NodeId id, NodeId[] voters)
        {
            _cluster = cluster;
            Id = id;
            Queues = new PeerQueues(this);
            var data = new ArrayBufferWriter<byte>();
            new MemberDirectory().Save(data);
            Machine.Capture().WriteTo(data);
            var snapshot = new Snapshot(new SnapshotMetadata(new LogIndex(1), new Term(1), ConfState.OfVoters(voters)), data.WrittenMemory);
            var storage = Logs.Begin(MemoryCluster.Group, snapshot);
            var node = new RawNode(new RaftConfig { Id = id, Storage = storage, Seed = id.Value, AsyncStorageWrites = true, ForwardProposals = false, ElectionTicks = 20, Applied = new LogIndex(1) });
            Campaign = () => Loop!.Post(new RaftEvent(RaftEventKind.Call, MemoryCluster.Group) { Subject = (Action)node.Campaign });
            Loop = new RaftLoop(new ServerId(id.Value), TimeSpan.FromMilliseconds(10), NullLogger.Instance);
            Group = new RaftGroup(MemoryCluster.Group, node, Machine, new MemberDirectory(), Queues, Logs, new GroupSettings(50, 100, ReadsFrom: 0), NullLogger.Instance);
            Group.Start(snapshot, snapshot.Data);
            Loop.Add(Group);
        }

        public NodeId Id { get; }

        public SumMachine Machine { get; } = new();

        public RaftLoop Loop { get; }

        public RaftGroup Group { get; }

        public PeerQueues Queues { get; }

        public MemoryLogs Logs { get; } = new();

        /// <summary>Has it ask for votes without waiting for an election timeout.</summary>
        public Action Campaign { get; }

        Carriage IMessageCarrier.Carry(MessageBatch batch)
        {
            _ = _cluster.Reach(Id, batch.To)?.Loop.Post(batch.Messages);
            return Carriage.Gone;
        }

        void IMessageCarrier.CarrySnapshot(GroupId group, in Message message)
        {
            _ = _cluster.Reach(Id, message.To)?.Loop.Post(RaftEvent.Of(group, message));
        }
    }
}

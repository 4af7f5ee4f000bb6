using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Host.Consensus;
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
            member.Loop.Start(member);
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

    private void Deliver(NodeId from, GroupId group, Message message)
    {
        if (!_cut.ContainsKey(from) && !_cut.ContainsKey(message.To) && _members.TryGetValue(message.To, out var target))
        {
            _ = target.Loop.Post(RaftEvent.Of(group, message));
        }
    }

    internal sealed class Member : IPeerLinks, ILogWriter
    {
        private readonly MemoryCluster _cluster;
        private readonly MemoryStorage _storage = new();
        private readonly List<AppendJob> _appended = [];

        public Member(MemoryCluster cluster, NodeId id, NodeId[] voters)
        {
            _cluster = cluster;
            Id = id;
            var data = new ArrayBufferWriter<byte>();
            new MemberDirectory().Save(data);
            Machine.Snapshot(data);
            _storage.Install(new Snapshot(new SnapshotMetadata(new LogIndex(1), new Term(1), ConfState.OfVoters(voters)), data.WrittenMemory.ToArray()));
            var node = new RawNode(new RaftConfig { Id = id, Storage = _storage, Seed = id.Value, AsyncStorageWrites = true, ForwardProposals = false, ElectionTicks = 20, Applied = new LogIndex(1) });
            Campaign = () => Loop!.Post(new RaftEvent(RaftEventKind.Call, MemoryCluster.Group) { Subject = (Action)node.Campaign });
            Loop = new RaftLoop(new ServerId(id.Value), TimeSpan.FromMilliseconds(10), NullLogger.Instance);
            Group = new RaftGroup(MemoryCluster.Group, node, Machine, new MemberDirectory(), this, this, new GroupSettings(50, 100), NullLogger.Instance);
            _storage.Snapshot(out var snapshot);
            Group.Start(snapshot!, snapshot!.Data);
            Loop.Add(Group);
        }

        public NodeId Id { get; }

        public SumMachine Machine { get; } = new();

        public RaftLoop Loop { get; }

        public RaftGroup Group { get; }

        /// <summary>Has it ask for votes without waiting for an election timeout.</summary>
        public Action Campaign { get; }

        void IPeerLinks.Send(GroupId group, in Message message) => _cluster.Deliver(Id, group, message);

        void ILogWriter.Append(AppendJob job)
        {
            var ready = job.Ready;
            if (!ready.HardState.IsEmpty)
            {
                _storage.SetHardState(ready.HardState);
            }

            if (ready.Snapshot is { } snapshot)
            {
                _storage.Install(snapshot);
            }

            _storage.Append(ready.Entries.Span);
            _appended.Add(job);
        }

        void ILogWriter.StoreSnapshot(GroupId group, in SnapshotMetadata metadata, ReadOnlyMemory<byte> state, Action<Snapshot?> then) =>
            then(new Snapshot(metadata, state));

        void ILogWriter.Offer(GroupId group, Snapshot stored, LogIndex keepFrom)
        {
            _storage.Offer(stored);
            if (keepFrom > _storage.FirstIndex)
            {
                _storage.Compact(keepFrom.Previous);
            }
        }

        ReadOnlyMemory<byte> ILogWriter.ReadSnapshot(GroupId group, Snapshot snapshot) => snapshot.Data;

        bool ILogWriter.Pump()
        {
            var jobs = _appended.ToArray();
            _appended.Clear();
            foreach (var job in jobs)
            {
                job.Group.Appended(job);
            }

            return jobs.Length > 0;
        }

        void ILogWriter.Flushed()
        {
        }
    }
}

using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Bench.Raft;

/// <summary>
/// A group whose members live in one thread: messages are stepped as soon as they are shown, storage is memory, the
/// state machine counts and hashes. What remains is the cost of the core.
/// </summary>
internal sealed class LocalCluster
{
    /// <summary>After so many commands, logs have been compacted several times and no buffer grows any more.</summary>
    public const long CommandsUntilSteady = 10 * (long)KeptEntries;

    private const ulong KeptEntries = 4096;

    private readonly Member[] _members;

    public LocalCluster(int size)
    {
        var voters = Enumerable.Range(1, size).Select(id => new NodeId((ulong)id)).ToArray();
        _members = [.. voters.Select(id => new Member(id, ConfState.OfVoters(voters)))];
        _members[0].Node.Campaign();
        Settle();
        Invariant.Check(_members[0].Node.SoftState.Role == Role.Leader);
    }

    public RawNode Leader => _members[0].Node;

    /// <summary>Commands applied by the member that has applied the fewest.</summary>
    public long Applied => _members.Min(member => member.Applied);

    /// <summary>Whether all members have applied the same commands in the same order.</summary>
    public bool Agrees => _members.All(member => member.Hash == _members[0].Hash);

    /// <summary>Goes round until nobody has anything to do.</summary>
    public void Settle()
    {
        bool isBusy;
        do
        {
            isBusy = false;
            foreach (var member in _members)
            {
                if (member.Node.HasReady)
                {
                    isBusy = true;
                    Handle(member);
                }
            }
        }
        while (isBusy);
    }

    private void Handle(Member member)
    {
        member.Persist();
        foreach (ref readonly var message in member.Ready.Messages)
        {
            _members[(int)message.To.Value - 1].Node.Step(message);
        }

        member.Apply();
    }

    private sealed class Member
    {
        private readonly MemoryStorage _storage = new();

        public Member(NodeId id, ConfState voters)
        {
            _storage.Install(new(new(new(1), new(1), voters), default));
            Node = new(new() { Id = id, Storage = _storage, Seed = id.Value, Applied = new(1) });
        }

        public RawNode Node { get; }

        public Ready Ready { get; } = new();

        public long Applied { get; private set; }

        public ulong Hash { get; private set; }

        public void Persist()
        {
            Node.Ready(Ready);
            if (!Ready.HardState.IsEmpty)
            {
                _storage.SetHardState(Ready.HardState);
            }

            _storage.Append(Ready.Entries.Span);
        }

        public void Apply()
        {
            foreach (ref readonly var entry in Ready.CommittedEntries.Span)
            {
                if (entry.Data.Length > 0)
                {
                    Applied++;
                    Hash = (Hash * 31) + entry.Data.Span[0] + entry.Index.Value;
                }
            }

            Node.Advance();
            if (_storage.LastIndex > _storage.FirstIndex + (2 * KeptEntries))
            {
                _storage.Compact(Node.Applied.Previous);
            }
        }
    }
}

using Wetware.Core;
using Wetware.Testing;

namespace Wetware.Raft.Tests;

/// <summary>
/// Whatever arrives, a node goes on: no message throws, and afterwards the node still ticks, shows what it wants done,
/// and takes proposals or refuses them. (What it may be talked into is another matter: members trust one another.)
/// </summary>
public sealed class HostileMessageTests
{
    private static readonly ulong[] Oddities = [0, 1, 2, 3, ulong.MaxValue, ulong.MaxValue - 1, ulong.MaxValue / 2, Limits.NumberMax, Limits.NumberMax + 1, 1UL << 32, int.MaxValue];

    [Fact]
    public void NoMessageThrowsOrStopsANode()
    {
        var random = new Prng(Property.Seed());
        for (var round = 0; round < 300; round++)
        {
            var cluster = new TestCluster(3, Configure(random.Fork()));
            Prepare(cluster, ref random);
            var target = cluster[random.Below(3) + 1];
            for (var i = 0; i < 60; i++)
            {
                target.Raft.Step(Hostile(ref random, target));
                if (random.Chance(0.3))
                {
                    target.Raft.Tick();
                    target.Work([]);
                }
            }

            target.Raft.Campaign();
            target.Raft.Propose(new byte[] { 1 });
            target.Raft.ReadIndex(1);
            target.Work([]);
        }
    }

    [Fact]
    public void LocalMessagesFromOutsideAreRefused()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        foreach (var type in new[] { MessageType.MsgHup, MessageType.MsgBeat, MessageType.MsgUnreachable, MessageType.MsgStorageAppendResp, MessageType.MsgStorageApplyResp, MessageType.MsgForgetLeader })
        {
            Assert.Equal(StepResult.LocalMessage, cluster[2].Raft.Step(new() { Type = type, From = new(3), To = new(2), Term = new(1) }));
        }

        Assert.Equal(StepResult.LocalMessage, cluster[2].Raft.Step(new() { Type = MessageType.MsgApp, From = LocalNodes.AppendThread, To = new(2), Term = new(1) }));
    }

    [Fact]
    public void AnAcknowledgementOfWhatWasNeverSentCommitsNothing()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        var before = cluster[1].Raft.HardState;
        Assert.Equal(StepResult.Malformed, cluster[1].Raft.Step(new() { Type = MessageType.MsgAppResp, From = new(2), To = new(1), Term = new(1), Index = new(1000) }));
        Assert.Equal(before, cluster[1].Raft.HardState);
    }

    [Fact]
    public void AHeartbeatAboutEntriesThatAreNotThereCommitsNothing()
    {
        // What a leader says to a node that has lost its disk and came back under its old name.
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Add(3, null);
        cluster.Tick(5);
        Assert.Equal(new LogIndex(0), cluster[3].Raft.HardState.Commit);
        cluster.Propose(1, "b");
        Assert.Equal(["a", "b"], cluster[1].Data);
    }

    private static Func<RaftConfig, RaftConfig> Configure(Prng random)
    {
        var (preVote, checkQuorum, lease) = (random.Chance(0.5), random.Chance(0.5), random.Chance(0.3));
        return c => c with
        {
            PreVote = preVote,
            CheckQuorum = checkQuorum || lease,
            ReadMode = lease ? ReadMode.LeaseBased : ReadMode.Safe,
            InflightMessagesMax = 3,
        };
    }

    private static void Prepare(TestCluster cluster, ref Prng random)
    {
        if (random.Chance(0.8))
        {
            cluster.Elect(1);
            cluster.Propose(1, "a");
            cluster.Propose(1, "b");
        }

        if (random.Chance(0.3) && cluster[1].Data.Count > 0)
        {
            cluster[1].Compact();
        }

        if (random.Chance(0.3))
        {
            cluster.Cut(random.Below(3) + 1);
            cluster.Tick(random.Between(1, 30));
        }
    }

    private static Message Hostile(ref Prng random, TestNode node)
    {
        var message = new Message
        {
            Type = (MessageType)random.Below(26),
            Reject = random.Chance(0.4),
            To = random.Chance(0.9) ? node.Raft.Id : new(Number(ref random, node)),
            From = random.Chance(0.7) ? new(random.Below(4)) : new(Number(ref random, node)),
            Term = new(random.Chance(0.6) ? node.Raft.HardState.Term.Value + random.Below(2) : Number(ref random, node)),
            LogTerm = new(Number(ref random, node)),
            Index = new(Number(ref random, node)),
            Commit = new(Number(ref random, node)),
            RejectHint = new(Number(ref random, node)),
            Context = Number(ref random, node),
        };
        message.Entries = Entries(ref random, node, message);
        message.Snapshot = random.Chance(0.3) ? Snapshot(ref random, node) : null;
        return message;
    }

    private static ulong Number(ref Prng random, TestNode node) => random.Below(4) switch
    {
        0 => Oddities[random.Below((ulong)Oddities.Length)],
        1 => node.Raft.LastIndex.Value + random.Below(3),
        2 => node.Raft.HardState.Term.Value + random.Below(2),
        _ => random.Below(6),
    };

    private static Entry[] Entries(ref Prng random, TestNode node, in Message message)
    {
        var entries = new Entry[random.Below(4)];
        var isOrdered = random.Chance(0.7);
        for (var i = 0; i < entries.Length; i++)
        {
            var data = new byte[random.Below(5)];
            random.Fill(data);
            var index = isOrdered ? unchecked(message.Index.Value + (ulong)i + 1) : Number(ref random, node);
            var term = isOrdered ? message.LogTerm.Value : Number(ref random, node);
            entries[i] = new(new(term), new(index), (EntryType)random.Below(5), data);
        }

        return entries;
    }

    private static Snapshot Snapshot(ref Prng random, TestNode node)
    {
        NodeId[] Some(ref Prng r)
        {
            var ids = new NodeId[r.Below(4)];
            for (var i = 0; i < ids.Length; i++)
            {
                ids[i] = r.Chance(0.8) ? new(r.Below(5)) : LocalNodes.AppendThread;
            }

            return ids;
        }

        var config = new ConfState
        {
            Voters = [.. Some(ref random), node.Raft.Id],
            VotersOutgoing = random.Chance(0.3) ? [.. Some(ref random)] : [],
            Learners = random.Chance(0.3) ? [.. Some(ref random)] : [],
            LearnersNext = random.Chance(0.3) ? [.. Some(ref random)] : [],
            Witnesses = random.Chance(0.2) ? [.. Some(ref random)] : [],
            AutoLeave = random.Chance(0.3),
        };
        return new(new(new(Number(ref random, node)), new(Number(ref random, node)), random.Chance(0.95) ? config : null!), default);
    }
}

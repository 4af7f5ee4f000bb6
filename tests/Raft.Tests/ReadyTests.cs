using Wetware.Core;
using Wetware.Testing;

namespace Wetware.Raft.Tests;

/// <summary>What a Ready promises about its contents, and that steady use allocates nothing.</summary>
public sealed class ReadyTests
{
    [Fact]
    public void WhatAReadyShowsStaysUntilItIsFilledAgain()
    {
        // Nodes with slow storage go on living while their Readys are worked on; truncation, growth and reuse of the
        // node's own buffers must not show through.
        var random = new Prng(Property.Seed());
        for (var round = 0; round < 30; round++)
        {
            var held = new List<(Ready Ready, string Shown)>();
            var cluster = new TestCluster(3, c => c with { PreVote = false, CheckQuorum = false, InflightMessagesMax = 4 });
            for (var step = 0; step < 120; step++)
            {
                Disturb(cluster, ref random);
                foreach (var node in cluster.Nodes)
                {
                    Show(cluster, node, held, ref random);
                }
            }

            Assert.All(held, pair => Assert.Equal(pair.Shown, Describe(pair.Ready)));
        }
    }

    [Fact]
    public void SteadyReplicationAllocatesNothing()
    {
        var members = new List<(RawNode Node, MemoryStorage Storage, Ready Ready)>();
        var voters = ConfState.OfVoters(new NodeId(1), new NodeId(2), new NodeId(3));
        for (var id = 1UL; id <= 3; id++)
        {
            var storage = new MemoryStorage();
            storage.Install(new(new(new(1), new(1), voters), default));
            members.Add((new(new() { Id = new(id), Storage = storage, Seed = id, Applied = new(1) }), storage, new()));
        }

        members[0].Node.Campaign();
        Pump(members);
        var batch = new Entry[] { new(new byte[] { 1 }), new(new byte[] { 2 }) };
        void Round()
        {
            members[0].Node.ReadIndex(1);
            Invariant.Check(members[0].Node.Propose(batch) == StepResult.Ok);
            Pump(members);
            members[0].Node.Tick();
            Pump(members);
            foreach (var (node, storage, _) in members)
            {
                if (storage.LastIndex > storage.FirstIndex + 64)
                {
                    storage.Compact(node.Applied.Previous);
                }
            }
        }

        for (var i = 0; i < 500; i++)
        {
            Round();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Pump(List<(RawNode Node, MemoryStorage Storage, Ready Ready)> members)
    {
        for (var isBusy = true; isBusy;)
        {
            isBusy = false;
            foreach (var (node, storage, ready) in members)
            {
                if (!node.HasReady)
                {
                    continue;
                }

                isBusy = true;
                node.Ready(ready);
                storage.SetHardState(ready.HardState.IsEmpty ? storage.HardState : ready.HardState);
                storage.Append(ready.Entries.Span);
                foreach (ref readonly var message in ready.Messages)
                {
                    members[(int)message.To.Value - 1].Node.Step(message);
                }

                node.Advance();
            }
        }
    }

    private static void Disturb(TestCluster cluster, ref Prng random)
    {
        var node = cluster[random.Below(3) + 1];
        switch (random.Below(8))
        {
            case 0: node.Raft.Campaign(); break;
            case 1: node.Raft.Tick(); break;
            case 2: cluster.Cut(node.Id); break;
            case 3: cluster.Heal(); break;
            default: node.Raft.Propose(new byte[] { (byte)random.Below(256) }); break;
        }
    }

    private static void Show(TestCluster cluster, TestNode node, List<(Ready Ready, string Shown)> held, ref Prng random)
    {
        if (!node.Raft.HasReady || random.Chance(0.3))
        {
            return;
        }

        var ready = new Ready();
        node.Raft.Ready(ready);
        held.Add((ready, Describe(ready)));
        foreach (var message in ready.Messages.ToArray())
        {
            cluster.Deliver(message);
        }

        node.Storage.SetHardState(ready.HardState.IsEmpty ? node.Storage.HardState : ready.HardState);
        node.Storage.Append(ready.Entries.Span);
        foreach (var message in ready.AfterAppend.ToArray())
        {
            if (message.To.Value == node.Id)
            {
                node.Raft.StepLocal(message);
            }
            else
            {
                cluster.Deliver(message);
            }
        }

        if (ready.NeedsApply && random.Chance(0.8))
        {
            node.Raft.StepLocal(ready.AfterApply);
        }
    }

    private static string Describe(Ready ready) => Conformance.TextForms.Of(ready, ready.AfterAppend.ToArray().Select(m => Conformance.TextForms.Of(m)));
}

using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Host.Storage;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Raft;

/// <summary>How a group starts on a node, from what its log holds or for the very first time.</summary>
internal static class SimStart
{
    /// <exception cref="StorageException">Too much of the log is lost.</exception>
    public static RaftGroup Begin(Simulation world, SimNode node, WriteAheadLog log, SimLog writer, SimMember member)
    {
        var (id, options, before) = (new GroupId((ulong)member.Group + 1), world.Options, member.Stored);
        var stored = log.Group(id);
        if (ConsensusStore.IsEmpty(stored) && node.Index < options.Voters)
        {
            Found(world, log, stored, member);
        }

        ConsensusStore.Mend(log, stored, node.Disk.Name);
        if (before is not null && !node.IsDamaged)
        {
            member.Oracle.Recovered(member, before, stored);
        }

        member.Oracle.Started(node.Id, stored);
        var seed = world.Agenda.Random.Next();
        var config = ConsensusStore.Configure(stored, node.Id, seed) with
        {
            ElectionTicks = SimulationOptions.ElectionTicks,
            MessageBytesMax = options.MessageBytesMax,
            InflightMessagesMax = options.InflightMax,
            PreVote = options.PreVote,
            CheckQuorum = options.CheckQuorum,
            ReadMode = options.ReadMode,
            LeaseDriftTicks = 2,
        };
        member.Forget();
        var raft = new RawNode(config);
        var settings = new GroupSettings(options.SnapshotEntries, ReadRetryMilliseconds: 1000, ReadsFrom: seed, options.QuiesceTicks);
        var group = new RaftGroup(id, raft, member, new(), node, writer, settings, NullLogger.Instance);
        member.Start(raft, stored, config.LostUpTo);
        world.Faults.Repairs += config.LostUpTo > LogIndex.Zero ? 1 : 0;
        if (stored.LatestSnapshot is { } snapshot)
        {
            group.Start(snapshot, writer.ReadSnapshot(id, snapshot));
        }

        return group;
    }

    /// <summary>The beginning of a group: a snapshot of the empty state that names the first voters.</summary>
    private static void Found(Simulation world, WriteAheadLog log, GroupLog stored, SimMember member)
    {
        var (state, founders, options) = (new ArrayBufferWriter<byte>(), new MemberDirectory(), world.Options);
        foreach (var node in world.Nodes[..options.Voters])
        {
            founders.Set(node.Member);
        }

        founders.Save(state);
        member.Forget();
        using (var capture = ((IStateMachine)member).Capture())
        {
            capture.WriteTo(state);
        }

        var voters = new ConfState
        {
            Voters = [.. Enumerable.Range(1, options.Voters).Select(v => new NodeId((ulong)v))],
            Witnesses = options.Witness == NodeId.None ? [] : [options.Witness],
        };
        using (var writer = log.Snapshots.Begin(stored.Id, new(new(1), new(1), voters)))
        {
            writer.Write(state.WrittenSpan[(int)writer.Bytes..]);
            stored.Install(writer.Complete());
        }

        stored.SetHardState(new(new(1), NodeId.None, new(1)));
        log.Commit();
    }
}

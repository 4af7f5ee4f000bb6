using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Consensus;
using Wetware.Host.Net;
using Wetware.Host.Services.Queues;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Host;

/// <summary>The node's Raft group with its log, loop and state machine, put together and taken apart in the right order.</summary>
internal sealed class ConsensusStack : IDisposable
{
    /// <summary>The one group that holds the queues; topics can be spread over more of them later without a change of format.</summary>
    public static readonly GroupId QueueGroup = new(1);

    private readonly WriteAheadLog _log;
    private readonly LogThread _thread;
    private readonly TimeSpan _election;

    private ConsensusStack(WriteAheadLog log, RaftLoop loop, RaftGroup group, QueueStateMachine machine, LogThread thread, TimeSpan election, MemberInfo self, bool isFresh)
    {
        _log = log;
        (_thread, _election) = (thread, election);
        Loop = loop;
        Group = group;
        Machine = machine;
        Self = self;
        IsFresh = isFresh;
    }

    public RaftLoop Loop { get; }

    public RaftGroup Group { get; }

    /// <summary>This node as a member; which one depends on its data folder.</summary>
    public MemberInfo Self { get; }

    public QueueStateMachine Machine { get; }

    public SnapshotStore Snapshots => _log.Snapshots;

    /// <summary>Whether this node has never been a member of anything.</summary>
    public bool IsFresh { get; }

    /// <summary>Opens the log, recovers or founds, and starts the loop.</summary>
    /// <param name="options">Of the node.</param>
    /// <param name="founds">Asked of a node that was never a member of anything: whether it founds a cluster.</param>
    /// <param name="folder">Of the log.</param>
    /// <param name="peer">This node.</param>
    /// <param name="addresses">Where it can be dialled.</param>
    /// <param name="server">This start of it.</param>
    /// <param name="pool">Connections to others.</param>
    /// <param name="find">Who a member is, and where.</param>
    /// <param name="logger">For what happens.</param>
    public static async Task<ConsensusStack> StartAsync(
        WetwareOptions options,
        Func<Task<bool>> founds,
        string folder,
        PeerId peer,
        IEnumerable<Multiaddr> addresses,
        ServerId server,
        PeerPool pool,
        Func<NodeId, MemberDirectory, (PeerId, IReadOnlyList<Multiaddr>)?> find,
        ILogger logger)
    {
        var log = ConsensusStore.Open(folder, peer, options.Namespace);
        try
        {
            var self = new MemberInfo(MemberInfo.NodeOf(peer, log.Identity.Incarnation), peer, [.. addresses], options.Votes);
            var stored = log.Group(QueueGroup);
            ConsensusStore.Mend(log, stored, folder);
            var machine = new QueueStateMachine();
            var isFresh = ConsensusStore.IsEmpty(stored);
            if (isFresh && await founds().ConfigureAwait(false))
            {
                ConsensusStore.Found(log, stored, self, machine);
                Log.Founded(logger);
            }

            Log.Recovered(
                logger, stored.StoredLast - stored.FirstIndex.Previous, stored.StoredLast.Value, stored.LatestSnapshot?.Metadata.Index.Value ?? 0, log.Recovery.TornBytes);
            return Assemble(options, log, stored, machine, self, server, pool, find, isFresh, logger);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Lets another member lead, so that nobody waits for an election when this one stops.</summary>
    public Task HandOverAsync() => Loop.HandOverAsync(_election);

    public void Dispose()
    {
        Loop.Dispose();
        _thread.Dispose();
        _log.Dispose();
        Machine.Dispose();
    }

    private static ConsensusStack Assemble(
        WetwareOptions options,
        WriteAheadLog log,
        GroupLog stored,
        QueueStateMachine machine,
        MemberInfo self,
        ServerId server,
        PeerPool pool,
        Func<NodeId, MemberDirectory, (PeerId, IReadOnlyList<Multiaddr>)?> find,
        bool isFresh,
        ILogger logger)
    {
        var directory = new MemberDirectory();
        var loop = new RaftLoop(server, options.RaftTick, logger);
        var thread = new LogThread(loop);
        var writer = new LogWriter(log, thread, logger);
        var links = new RaftLinks(loop, pool, log.Snapshots, options.SnapshotBytesPerSecond, node => find(node, directory), logger);
        var queues = new PeerQueues(links);
        var node = new RawNode(ConsensusStore.Configure(stored, self.Node, seed: Draw()) with { ElectionTicks = options.ElectionTicks, HeartbeatTicks = options.HeartbeatTicks });
        var election = options.RaftTick * options.ElectionTicks;
        var settings = new GroupSettings(options.SnapshotEntries, ReadRetryMilliseconds: (long)election.TotalMilliseconds, ReadsFrom: Draw());
        var group = new RaftGroup(QueueGroup, node, machine, directory, queues, writer, settings, logger);
        if (stored.LatestSnapshot is { } snapshot)
        {
            group.Start(snapshot, writer.ReadSnapshot(QueueGroup, snapshot));
        }

        loop.Add(group);
        loop.Start(writer, queues);
        return new ConsensusStack(log, loop, group, machine, thread, election, self, isFresh);
    }

    private static ulong Draw() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}

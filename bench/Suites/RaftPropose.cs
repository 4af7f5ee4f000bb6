using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Host;
using Wetware.Host.Client;
using Wetware.Queue;

namespace Wetware.Bench.Suites;

/// <summary>
/// From proposal to commit: the core of three members in one thread over memory, and a whole node (client call, session, loop,
/// write-ahead log, sync, state machine), one command at a time.
/// </summary>
public class RaftPropose
{
    private static readonly byte[] s_command = new byte[16];
    private readonly Raft.LocalCluster _cluster = new(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-bench-").FullName;
    private WetwareNode? _node;
    private TopicId _topic;

    /// <summary>Starts the node.</summary>
    [GlobalSetup]
    public void Start()
    {
        _node = WetwareNode.StartAsync(WetwareOptions.Default with { DataFolder = _folder }, NullLoggerFactory.Instance).GetAwaiter().GetResult();
        _topic = Execute(_node.Session.Queues, QueueCommand.CreateTopic("bench", TopicOptions.Default)).Topic;
    }

    /// <summary>Three members, memory, one thread.</summary>
    [Benchmark]
    public void InMemory()
    {
        var before = _cluster.Applied;
        Invariant.Check(_cluster.Leader.Propose(s_command) == Wetware.Raft.StepResult.Ok);
        _cluster.Settle();
        Invariant.Check(_cluster.Applied == before + 1);
    }

    /// <summary>One node, synced before it is answered.</summary>
    [Benchmark]
    public ulong Durable() => Execute(_node!.Session.Queues, QueueCommand.Transact(QueueOperation.Enqueue(_topic, s_command))).Outcomes[0].Offset;

    /// <summary>Stops the node.</summary>
    [GlobalCleanup]
    public void Stop()
    {
        _node!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    private static QueueReply Execute(QueueClient queues, QueueCommand command) => queues.ExecuteAsync(command).AsTask().GetAwaiter().GetResult();
}

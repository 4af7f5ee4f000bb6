using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host;
using Wetware.Host.Storage;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Bench.Suites;

/// <summary>
/// An enqueue through a whole node, one at a time: client call, session, loop, write-ahead log, sync, commit, state machine.
/// </summary>
public class NodeEnqueue
{
    private static readonly byte[] s_command = new byte[16];
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-bench-").FullName;
    private WetwareNode? _node;
    private TopicId _topic;
    private ulong _next;

    /// <summary>Starts the node.</summary>
    [GlobalSetup]
    public void Start()
    {
        _node = WetwareNode.StartAsync(WetwareOptions.Default with { DataFolder = _folder }, NullLoggerFactory.Instance).GetAwaiter().GetResult();
        _topic = Execute(_node.Session.Queues, QueueCommand.CreateTopic("bench", TopicOptions.Default)).Topic;
    }

    /// <summary>One node, synced before it is answered.</summary>
    [Benchmark]
    public void Durable()
    {
        var offset = Execute(_node!.Session.Queues, QueueCommand.Transact(QueueOperation.Enqueue(_topic, s_command))).Outcomes[0].Offset;
        Invariant.Check(offset == _next++);
    }

    /// <summary>Stops the node.</summary>
    [GlobalCleanup]
    public void Stop()
    {
        _node!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    private static QueueReply Execute(QueueClient queues, QueueCommand command) => queues.ExecuteAsync(command).AsTask().GetAwaiter().GetResult();
}

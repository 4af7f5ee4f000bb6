using BenchmarkDotNet.Attributes;
using Wetware.Bench.Suites;

namespace Wetware.Bench.Queue;

/// <summary>The same rounds under BenchmarkDotNet, whose memory column is the figure to quote.</summary>
[MemoryDiagnoser]
public class QueueBenchmarks : IDisposable
{
    private const int Rounds = 64_000;

    private QueueLoad? _load;
    private (byte[][] Enqueues, byte[][] Leases, byte[][] Acks) _commands;

    /// <summary>Messages in one command.</summary>
    [Params(1, 64)]
    public int Batch { get; set; }

    /// <summary>Makes a machine that has grown to its size, and the commands of one iteration.</summary>
    [IterationSetup]
    public void Prepare()
    {
        _load?.Dispose();
        _load = new QueueLoad(Batch, payloadBytes: 100, inSession: false, dedupe: false);
        _commands = _load.Prepare(Rounds / Batch);
        EnqueueLeaseAck();
        _commands = _load.Prepare(Rounds / Batch);
    }

    /// <summary>One message from enqueue to ack.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    [ZeroAllocation]
    public void EnqueueLeaseAck()
    {
        for (var round = 0; round < _commands.Enqueues.Length; round++)
        {
            _load!.Apply(_commands.Enqueues[round]);
            _load.Apply(_commands.Leases[round]);
            _load.Apply(_commands.Acks[round]);
        }
    }

    /// <summary>One message put in, none taken out.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public void Enqueue()
    {
        foreach (var command in _commands.Enqueues)
        {
            _load!.Apply(command);
        }
    }

    /// <summary>Gives the machine back.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _load?.Dispose();
        GC.SuppressFinalize(this);
    }
}

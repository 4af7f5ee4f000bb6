using BenchmarkDotNet.Attributes;
using Wetware.Bench.Raft;
using Wetware.Core;

namespace Wetware.Bench.Suites;

/// <summary>From proposal to applied on three members over memory, in one thread: the core alone.</summary>
public class RaftCore
{
    private static readonly byte[] s_command = new byte[16];
    private readonly LocalCluster _cluster = new(3);

    /// <summary>Lets every log grow to its size.</summary>
    [GlobalSetup]
    public void WarmUp()
    {
        while (_cluster.Applied < LocalCluster.CommandsUntilSteady)
        {
            InMemory();
        }
    }

    /// <summary>One command at a time.</summary>
    [Benchmark]
    [ZeroAllocation]
    public void InMemory()
    {
        var before = _cluster.Applied;
        Invariant.Check(_cluster.Leader.Propose(s_command) == Wetware.Raft.StepResult.Ok);
        _cluster.Settle();
        Invariant.Check(_cluster.Applied == before + 1);
    }
}

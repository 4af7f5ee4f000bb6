using Wetware.Core;
using Wetware.Fuzz.Linearizability;
using Wetware.Fuzz.Raft;

namespace Wetware.Fuzz.Programs;

/// <summary>Runs one program against a simulated cluster under faults, then judges what the clients were told: the certificate first, then as if nothing were known of the system.</summary>
internal static class ProgramRun
{
    private const long StepsMax = 100_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Of a map or register. Null, or what is wrong; the history is written to <paramref name="timeline"/> if anything is.</summary>
    public static string? OfMap(ConcurrentProgram<KeyValueCall> program, TextWriter? timeline = null)
    {
        var workload = new MapWorkload(new FixedScript<KeyValueCall>(program.Clients));
        var trouble = Live(program.Seed, program.Clients.Length, workload);
        var result = new Checker<string, KeyValueCall>(new KeyValueModel()).Check(workload.Operations, Patience);
        return Conclude(trouble, result, workload.Operations, monitor: null, timeline);
    }

    /// <summary>Of a queue.</summary>
    public static string? OfQueue(ConcurrentProgram<QueueCall> program, TextWriter? timeline = null)
    {
        var workload = new QueueWorkload(new FixedScript<QueueCall>(program.Clients));
        var trouble = Live(program.Seed, program.Clients.Length, workload);
        var result = new Checker<QueueContents, QueueCall>(new QueueModel()).Check(workload.Operations, Patience);
        return Conclude(trouble, result, workload.Operations, new QueueMonitor().Check(workload.Operations), timeline);
    }

    private static string? Live(ulong seed, int clients, IWorkload workload)
    {
        // Faults so dense that a few dozen calls meet many of them.
        var random = new Prng(seed);
        var options = SimulationOptions.Draw(ref random) with
        {
            Groups = 1,
            Clients = clients,
            ClientMicrosMean = random.Between(10, 400) * 1000L,
            FaultMicrosMean = random.Between(100, 1500) * 1000L,
            SnapshotEntries = (ulong)random.Between(3, 30),
        };
        Simulation? simulation = null;
        try
        {
            simulation = new Simulation(seed, options, _ => workload);
            simulation.Run(StepsMax);
            simulation.Heal();
            return null;
        }
        catch (Exception failure) when (failure is SimulationFailure or InvariantException)
        {
            return $"{failure.Message}\n{simulation?.Options}\n{simulation?.Describe()}";
        }
    }

    private static string? Conclude<TCall>(string? trouble, CheckResult searched, ReadOnlySpan<Operation<TCall>> operations, Verdict? monitor, TextWriter? timeline)
    {
        var judgement = searched.Verdict != Verdict.Linearizable ? $"the search says {searched.Verdict}"
            : monitor is { } other and not Verdict.Linearizable ? $"the monitor says {other}, the search {searched.Verdict}"
            : null;
        if ((trouble ?? judgement) is not { } wrong)
        {
            return null;
        }

        if (timeline is not null)
        {
            Timeline.Write(timeline, wrong.Split('\n')[0], operations, searched);
        }

        return wrong;
    }
}

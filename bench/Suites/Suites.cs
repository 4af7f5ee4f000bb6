using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Wetware.Tooling;

namespace Wetware.Bench.Suites;

/// <summary>The BenchmarkDotNet suites: one class a path that promises something, each with its allocated bytes.</summary>
internal static class Suites
{
    private static readonly Type[] s_all =
    [
        typeof(FrameRoundTrip), typeof(RpcPing), typeof(RoutingTablePaths), typeof(RaftCore), typeof(NodeEnqueue), typeof(Queue.QueueBenchmarks),
    ];

    // Long enough for tiered compilation and for every pool to have filled, so that its bytes can be a gate; its times are not to be quoted.
    private static readonly Job s_smoke = Job.Default.WithWarmupCount(4).WithIterationCount(2).WithIterationTime(TimeInterval.FromMilliseconds(100));

    public static Command Command()
    {
        var smoke = new SmokeOption();
        var filter = new Option<string>("--filter") { Description = "Which benchmarks, as a pattern of their full names.", DefaultValueFactory = _ => "*" };
        var command = new Command("suites", "BenchmarkDotNet: frames, RPC ping, routing table, propose to commit, queue, each with its bytes.") { smoke, filter };
        command.SetAction(parsed => Run(parsed.GetValue(smoke), parsed.GetValue(filter)!));
        return command;
    }

    private static int Run(bool isSmoke, string filter)
    {
        var job = (isSmoke ? s_smoke : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(job).AddDiagnoser(MemoryDiagnoser.Default)
            .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.JoinSummary);
        var summaries = isSmoke
            ? BenchmarkRunner.Run(s_all, config)
            : BenchmarkSwitcher.FromTypes(s_all).Run(["--filter", filter], config).ToArray();
        var leaks = summaries.SelectMany(summary => summary.Reports).Where(Allocates).ToList();
        foreach (var report in leaks)
        {
            var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            Console.Error.WriteLine($"{report.BenchmarkCase.Descriptor.GetFilterName()}: {bytes} B per operation, where none are allowed");
        }

        return leaks.Count > 0 || summaries.Any(Failed) ? 1 : 0;
    }

    private static bool Failed(Summary summary) => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success);

    private static bool Allocates(BenchmarkReport report) =>
        report.BenchmarkCase.Descriptor.WorkloadMethod.IsDefined(typeof(ZeroAllocationAttribute), inherit: false)
        && report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) > 0;
}

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Wetware.Bench.Suites;

/// <summary>The BenchmarkDotNet suites: one class a path that promises something, each with its allocated bytes.</summary>
internal static class Suites
{
    private static readonly Type[] s_all =
    [
        typeof(FrameRoundTrip), typeof(RpcPing), typeof(RoutingTablePaths), typeof(RaftPropose), typeof(Queue.QueueBenchmarks),
    ];

    public static int Run(string[] args)
    {
        var isSmoke = args is ["--smoke"];
        var job = (isSmoke ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(job).AddDiagnoser(MemoryDiagnoser.Default)
            .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.JoinSummary);
        var summaries = isSmoke
            ? BenchmarkRunner.Run(s_all, config)
            : BenchmarkSwitcher.FromTypes(s_all).Run(args.Length == 0 ? ["--filter", "*"] : args, config).ToArray();
        return summaries.Any(Failed) ? 1 : 0;
    }

    private static bool Failed(Summary summary) => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success);
}

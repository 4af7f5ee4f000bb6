using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FsCheck.Fluent;
using FsCheck;
using Wetware.Fuzz.Linearizability;
using Wetware.Tooling;

namespace Wetware.Fuzz.Programs;

/// <summary>Generated concurrent programs over a register, a map with compare-and-swap and a queue, on simulated clusters under faults. Failing programs shrink.</summary>
internal static class LinearizabilityFuzz
{
    private const int CasesDefault = 300;

    public static Command Command()
    {
        var seed = new SeedOption();
        var cases = new CountOption("--cases", CasesDefault, "How many programs of each kind are generated from a seed.");
        var minutes = new CountOption("--minutes", 0, "For how long it goes on with further seeds.");
        var command = new Command("linearizability", "Generated concurrent programs on simulated clusters, checked and shrunk.") { seed, cases, minutes };
        command.SetAction(parsed => Run(seed.Of(parsed), parsed.GetValue(cases), parsed.GetValue(minutes)));
        var operations = new CountOption("--operations", 7, "How many operations a history has.");
        var exhaustive = new Command("exhaustive", "Compares the monitor of queues with the search, on every history.") { operations };
        exhaustive.SetAction(parsed => Exhaust(parsed.GetValue(operations)));
        command.Add(exhaustive);
        return command;
    }

    private static int Run(ulong seed, int cases, int minutes)
    {
        var clock = Stopwatch.StartNew();
        do
        {
            Console.WriteLine($"fuzz linearizability --seed {seed} --cases {cases}");
            if (!(Try("register", Programs.Register, ProgramRun.OfMap, seed, cases)
                && Try("map", Programs.Map, ProgramRun.OfMap, seed, cases)
                && Try("queue", Programs.Queue, ProgramRun.OfQueue, seed, cases)))
            {
                return 1;
            }

            seed++;
        }
        while (clock.Elapsed < TimeSpan.FromMinutes(minutes));
        return 0;
    }

    /// <summary>Compares the near-linear queue monitor with the search on every history of so many operations in which no value comes out twice or from nowhere.</summary>
    private static int Exhaust(int operations)
    {
        var (checker, monitor, verdicts, clock) = (new Checker<QueueContents, QueueCall>(new QueueModel()), new QueueMonitor(), new long[3], Stopwatch.StartNew());
        var disagreements = 0L;
        QueueHistories.Each(operations, hasNonsense: false, history =>
        {
            var searched = checker.Check(history, TimeSpan.FromMinutes(1)).Verdict;
            verdicts[(int)searched]++;
            if (searched != monitor.Check(history) && disagreements++ == 0)
            {
                Console.WriteLine($"search says {searched}: {string.Join("; ", history)}");
            }
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{operations} operations: {verdicts[1]} histories are linearizable, {verdicts[2]} are not, {verdicts[0]} undecided; {disagreements} disagreements ({clock.Elapsed.TotalSeconds:0} s)"));
        return disagreements == 0 && verdicts[0] == 0 ? 0 : 1;
    }

    private static bool Try<TCall>(
        string name, Arbitrary<ConcurrentProgram<TCall>> programs, Func<ConcurrentProgram<TCall>, TextWriter?, string?> run, ulong seed, int cases)
    {
        var clock = Stopwatch.StartNew();
        ConcurrentProgram<TCall>? smallest = null;
        var property = Prop.ForAll(programs, program =>
        {
            var isRight = run(program, null) is null;
            smallest = isRight ? smallest : program;
            return isRight;
        });
        // The replay's second number must be odd.
        Check.One(Config.Quick.WithQuietOnSuccess(true).WithMaxTest(cases).WithReplay(seed, (seed << 1) | 1).WithRunner(new Silence()), property);
        if (smallest is null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {cases} programs in {clock.Elapsed.TotalSeconds:0.0} s, all linearizable"));
            return true;
        }

        var file = Path.GetFullPath($"{name}-{seed}.html");
        using (var timeline = File.CreateText(file))
        {
            Console.WriteLine($"{name}: {run(smallest, timeline)}\nsmallest program that fails, in {smallest}\ntimeline: {file}");
        }

        Console.WriteLine($"replay: dotnet run -c Release --project fuzz -- linearizability --seed {seed} --cases {cases}");
        return false;
    }

    /// <summary>What FsCheck would print is said better by the caller.</summary>
    private sealed class Silence : IRunner
    {
        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(int ntest, Microsoft.FSharp.Collections.FSharpList<object> args, Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(Microsoft.FSharp.Collections.FSharpList<object> args, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult testResult)
        {
        }
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Wetware.Core;
using Wetware.Fuzz.Linearizability;
using Wetware.Tooling;

namespace Wetware.Bench.Checker;

/// <summary>The linearizability checkers: real register histories by search, a long queue history by the monitor, a longer one by its certificate. Fails if a verdict is wrong.</summary>
internal static class CheckerBench
{
    private const int Clients = 16;

    // Those of the 52 published histories that are linearizable, as their publishers say.
    private static readonly int[] s_linearizable = [2, 5, 7, 18, 25, 31, 38, 45, 48, 49, 51];

    public static Command Command() =>
        SmokeOption.Command("checker", "Linearizability: register histories by search, a queue history by the monitor, a certificate.", Run);

    private static int Run(bool isSmoke)
    {
        var scale = isSmoke ? 100 : 1;
        Console.WriteLine("| what | goal | measured |");
        Console.WriteLine("| --- | --- | --- |");
        var isRight = Registers() & Queue(1_000_000 / scale) & CertificateOf(10_000_000 / scale);
        return isRight ? 0 : 1;
    }

    private static bool Registers()
    {
        if (Find("conformance/linearizability/jepsen") is not { } folder)
        {
            Console.WriteLine("| 52 compare-and-swap register histories | all verdicts, 1 ms each on average | skipped: ../shared is absent |");
            return true;
        }

        var checker = new Checker<long, RegisterCall>(new RegisterModel());
        var histories = Directory.GetFiles(folder, "etcd_*.log").Order(StringComparer.Ordinal).Select(Load).ToArray();
        var (wrong, slowest, total) = (0, TimeSpan.Zero, TimeSpan.Zero);
        // The first round is for the compiler.
        for (var round = 0; round < 2; round++)
        {
            (wrong, slowest, total) = (0, TimeSpan.Zero, TimeSpan.Zero);
            foreach (var (number, history) in histories)
            {
                var clock = Stopwatch.StartNew();
                var verdict = checker.Check(history.Operations, TimeSpan.FromMinutes(1)).Verdict;
                total += clock.Elapsed;
                slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
                wrong += verdict == (s_linearizable.Contains(number) ? Verdict.Linearizable : Verdict.NotLinearizable) ? 0 : 1;
            }
        }

        Row($"{histories.Length} compare-and-swap register histories", "all verdicts, 1 ms each on average", $"{wrong} wrong, {total.TotalMilliseconds / histories.Length:0.00} ms on average, {slowest.TotalMilliseconds:0.0} ms the slowest");
        return wrong == 0;
    }

    /// <summary>Overlapping enqueues and dequeues of a queue that is right, and the same with two answers exchanged.</summary>
    private static bool Queue(int operations)
    {
        var history = DrawQueue(operations);
        var clock = Stopwatch.StartNew();
        var verdict = new QueueMonitor().Check(history);
        var took = clock.Elapsed;
        Exchange(history);
        var exchanged = new QueueMonitor().Check(history);
        Row($"queue history of {operations} operations, {Clients} clients", "1 s", $"{took.TotalSeconds:0.00} s");
        return verdict == Verdict.Linearizable && exchanged == Verdict.NotLinearizable;
    }

    private static bool CertificateOf(int operations)
    {
        var replies = DrawRegister(operations);
        var clock = Stopwatch.StartNew();
        var holds = Certificate.Check<RegisterCall>(replies, new SequentialRegister()).Holds;
        var took = clock.Elapsed;
        var at = Array.FindLastIndex(replies, reply => reply.Operation.Call.Verb == RegisterVerb.Read);
        replies[at] = replies[at] with { Operation = replies[at].Operation with { Call = RegisterCall.Read(-1) } };
        var wrongHolds = Certificate.Check<RegisterCall>(replies, new SequentialRegister()).Holds;
        Row($"certificate of {operations} operations", "5 s", $"{took.TotalSeconds:0.00} s");
        return holds && !wrongHolds;
    }

    private static Operation<QueueCall>[] DrawQueue(int operations)
    {
        var random = new Prng(1);
        var contents = new Queue<long>();
        var history = new Operation<QueueCall>[operations];
        for (var i = 0; i < operations; i++)
        {
            var isEnqueue = random.Chance(0.5);
            if (isEnqueue)
            {
                contents.Enqueue(i);
            }

            var call = isEnqueue ? QueueCall.Enqueue(i) : contents.TryDequeue(out var value) ? QueueCall.Dequeue(value) : QueueCall.DequeueEmpty();
            history[i] = At(ref random, i, call);
        }

        return history;
    }

    private static void Exchange(Operation<QueueCall>[] history)
    {
        var dequeues = Enumerable.Range(0, history.Length).Where(i => history[i].Call is { Verb: QueueVerb.Dequeue, Value: not QueueCall.Empty }).ToArray();
        var (a, b) = (dequeues[0], dequeues[^1]);
        (history[a], history[b]) = (history[a] with { Call = history[b].Call }, history[b] with { Call = history[a].Call });
    }

    private static Certified<RegisterCall>[] DrawRegister(int operations)
    {
        var random = new Prng(2);
        var (value, index) = (RegisterCall.Nil, 1UL);
        var replies = new Certified<RegisterCall>[operations];
        for (var i = 0; i < operations; i++)
        {
            var isWrite = random.Chance(0.5);
            (value, index) = isWrite ? (i, index + 1) : (value, index);
            replies[i] = new(At(ref random, i, isWrite ? RegisterCall.Write(i) : RegisterCall.Read(value)), index);
        }

        // As replies come in: by return, not by place in the log.
        Array.Sort(replies, (left, right) => left.Operation.Returned.CompareTo(right.Operation.Returned));
        return replies;
    }

    /// <summary>It took effect at i, and lasted a while before and after.</summary>
    private static Operation<TCall> At<TCall>(ref Prng random, int i, TCall call) =>
        new(i % Clients, (8L * i) - (long)random.Below(4 * Clients), (8L * i) + 1 + (long)random.Below(4 * Clients), call);

    private static (int Number, History<RegisterCall> History) Load(string file)
    {
        using var text = File.OpenText(file);
        return (int.Parse(Path.GetFileNameWithoutExtension(file)["etcd_".Length..], CultureInfo.InvariantCulture), JepsenLog.Read(text));
    }

    private static string? Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Native.slnx")))
            {
                var path = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", relative));
                return Directory.Exists(path) ? path : null;
            }
        }

        return null;
    }

    private static void Row(string what, string goal, FormattableString measured) =>
        Console.WriteLine($"| {what} | {goal} | {measured.ToString(CultureInfo.InvariantCulture)} |");
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Wetware.Tooling;

namespace Wetware.Bench.Queue;

/// <summary>
/// The queue machine alone: applying encoded commands, in one thread and in memory. Fails if steady state allocates anything, or if a
/// message was not acked in the end. Topics that dedupe remember every key for ever, so they may allocate and are only reported.
/// </summary>
internal static class QueueBench
{
    /// <summary>Best of this many runs: others work on the same machine.</summary>
    private const int Runs = 5;

    private const int LeasesTimed = 4;

    public static Command Command() => SmokeOption.Command("queue", "The queue machine: enqueue, lease and ack of encoded commands, with bytes per message.", Run);

    private static int Run(bool isSmoke)
    {
        var messages = isSmoke ? 4_000 : 100_000;
        Console.WriteLine($"queue machine, one thread, apply only, best of {Runs} runs of {messages} messages");
        Console.WriteLine("| payload | batch | topic | enqueue ns/msg | lease ns/msg | ack ns/msg | bytes/msg |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        var isClean = Measure(messages, 1, 100, inSession: false, dedupe: false);
        isClean &= Measure(messages, 1, 100, inSession: true, dedupe: false);
        isClean &= Measure(messages, 64, 100, inSession: false, dedupe: false);
        isClean &= Measure(messages, 64, 1000, inSession: false, dedupe: false);
        isClean &= Measure(messages, 64, 100, inSession: false, dedupe: true);
        isClean &= MeasureSnapshot(messages);
        return isClean ? 0 : 1;
    }

    /// <summary>How long the thread that applies stands still for a snapshot, and a new replica for loading it.</summary>
    private static bool MeasureSnapshot(int messages)
    {
        using var load = new QueueLoad(batch: 100, payloadBytes: 100, inSession: false, dedupe: true);
        foreach (var enqueue in load.Prepare(messages / 100).Enqueues)
        {
            load.Apply(enqueue);
        }

        var (capture, write, restore, bytes) = (TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue, 0);
        var (captured, alone) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        var isRight = true;
        for (var run = 0; run < Runs; run++)
        {
            isRight &= load.CopyBySnapshot(out var seized, out var written, out var restored, out bytes);
            (capture, write, restore) = (Min(seized, capture), Min(written, write), Min(restored, restore));
            var (shared, own) = load.Longest(load.Prepare(LeasesTimed).Leases, load.Prepare(LeasesTimed).Leases);
            (captured, alone) = (Min(shared, captured), Min(own, alone));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"snapshot of {messages} messages of 100 bytes and as many keys: {bytes} bytes, captured in {capture.TotalMilliseconds:0.00} ms, written beside the machine in {write.TotalMilliseconds:0.0} ms, restored in {restore.TotalMilliseconds:0.0} ms{(isRight ? "" : " WRONG RESULT")}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"longest of {LeasesTimed} leases of 100 messages each: {captured.TotalMilliseconds:0.00} ms while the machine is captured, {alone.TotalMilliseconds:0.00} ms otherwise"));
        return isRight;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static bool Measure(int messages, int batch, int payloadBytes, bool inSession, bool dedupe)
    {
        using var load = new QueueLoad(batch, payloadBytes, inSession, dedupe);
        var rounds = messages / batch;
        Drive(load, rounds, out _, out _, out _);
        var (enqueue, lease, ack, bytes) = (double.MaxValue, double.MaxValue, double.MaxValue, long.MaxValue);
        for (var run = 0; run < Runs; run++)
        {
            // The least of all runs: what a collection makes the shared array pool drop is allocated once more, and is no cost of a command.
            bytes = Math.Min(bytes, Drive(load, rounds, out var enqueued, out var leased, out var acked));
            enqueue = Math.Min(enqueue, enqueued.TotalNanoseconds / (rounds * batch));
            lease = Math.Min(lease, leased.TotalNanoseconds / (rounds * batch));
            ack = Math.Min(ack, acked.TotalNanoseconds / (rounds * batch));
        }

        var isRight = load.Acked == (ulong)(rounds * batch * (Runs + 1));
        var isClean = bytes == 0 || dedupe;
        var kind = (dedupe ? "dedupe" : "plain") + (inSession ? ", in a session" : "");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {payloadBytes} | {batch} | {kind} | {enqueue:0} | {lease:0} | {ack:0} | {(double)bytes / (rounds * batch):0.##}{(isClean ? "" : " FAIL")} |{(isRight ? "" : " WRONG RESULT")}"));
        return isRight && isClean;
    }

    /// <summary>Returns the bytes allocated while commands were applied.</summary>
    private static long Drive(QueueLoad load, int rounds, out TimeSpan enqueue, out TimeSpan lease, out TimeSpan ack)
    {
        var (enqueues, leases, acks) = load.Prepare(rounds);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (first, second, third) = (0L, 0L, 0L);
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            load.Apply(enqueues[round]);
            var enqueued = Stopwatch.GetTimestamp();
            load.Apply(leases[round]);
            var leased = Stopwatch.GetTimestamp();
            load.Apply(acks[round]);
            first += enqueued - start;
            second += leased - enqueued;
            third += Stopwatch.GetTimestamp() - leased;
        }

        (enqueue, lease, ack) = (Stopwatch.GetElapsedTime(0, first), Stopwatch.GetElapsedTime(0, second), Stopwatch.GetElapsedTime(0, third));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

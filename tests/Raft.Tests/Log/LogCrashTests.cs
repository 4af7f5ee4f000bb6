using Wetware.Core;
using Wetware.Fuzz.Disk;
using Wetware.Fuzz.Log;
using Wetware.Raft.Log;
using Wetware.Testing;

namespace Wetware.Raft.Tests.Log;

/// <summary>Random programs on the simulated disk, with the power failing at every single step of I/O.</summary>
public class LogCrashTests
{
    private const int ProgramLength = 40;

    [Fact]
    public void After_a_crash_at_any_step_the_log_is_what_was_acknowledged_or_a_little_more()
    {
        var seed = Property.Seed();
        for (var program = 0UL; program < 6; program++)
        {
            var steps = StepsOf(seed + program);
            for (var step = 0L; step < steps; step++)
            {
                CrashAndCheck(seed + program, step);
            }
        }
    }

    [Fact]
    public void A_crash_while_recovering_loses_nothing_either()
    {
        var seed = Property.Seed();
        var prng = new Prng(seed);
        var steps = StepsOf(seed);
        for (var round = 0; round < 40; round++)
        {
            var (disk, program) = RunUntil(seed, (long)prng.Below((ulong)steps), DiskFaults.None);
            for (var again = 0; again < 3; again++)
            {
                disk.CrashAtStep = disk.Steps + (long)prng.Below(80);
                try
                {
                    WriteAheadLog.Open(disk, Logs.Small).Dispose();
                    break;
                }
                catch (SimulatedCrashException)
                {
                    // That is what the test is about.
                }
            }

            disk.Crash();
            using var log = WriteAheadLog.Open(disk, Logs.Small);
            Assert.True(program.Find(log) >= 0, $"WW_SEED={seed} round {round}");
        }
    }

    [Fact]
    public void Whatever_a_crash_makes_of_unfinished_writes_nothing_acknowledged_is_lost_silently()
    {
        var seed = Property.Seed();
        var faults = new DiskFaults { GarbageChance = 0.9 };
        var steps = StepsOf(seed);
        for (var step = 0L; step < steps; step++)
        {
            var (disk, program) = RunUntil(seed, step, faults);
            using var log = WriteAheadLog.Open(disk, Logs.Small);
            AssertCovered(program, log, $"WW_SEED={seed} step {step}");
        }
    }

    internal static void AssertCovered(LogProgram program, WriteAheadLog log, string replay)
    {
        // A later change may have replaced what was acknowledged, so any of the possible states will do, group by group.
        for (var i = 0; i < LogProgram.Groups; i++)
        {
            Assert.True(program.Possible.Exists(state => state[i].IsCoveredBy(LogProgram.Group(log, i))), $"{replay} group {i + 1}");
        }
    }

    internal static string Describe(LogProgram program, WriteAheadLog log) =>
        string.Join("; ", log.Groups.OrderBy(g => g.Id).Select(g => $"{g.FirstIndex}..{g.LastIndex}/{g.StoredLast} {g.HardState} {g.IsHardStateUnknown} {g.IsTailUncertain}"))
        + "\ninstead of one of\n"
        + string.Join('\n', program.Possible.Select(state => string.Join("; ", state.Select(m => $"{m.Offset + 1}..{m.Last} {m.HardState}"))))
        + $"\n{log.Recovery}";

    private static long StepsOf(ulong seed)
    {
        var disk = new SimulatedDisk(seed);
        using var log = WriteAheadLog.Open(disk, Logs.Small);
        var program = new LogProgram(seed, ProgramLength);
        program.Run(log);
        Assert.Equal(program.Possible.Count - 1, program.Find(log));
        return disk.Steps;
    }

    private static (SimulatedDisk Disk, LogProgram Program) RunUntil(ulong seed, long step, DiskFaults faults)
    {
        var disk = new SimulatedDisk(seed) { CrashAtStep = step, Faults = faults };
        var program = new LogProgram(seed, ProgramLength);
        try
        {
            using var log = WriteAheadLog.Open(disk, Logs.Small);
            program.Run(log);
            disk.Crash();
        }
        catch (SimulatedCrashException)
        {
            // That is what the tests are about.
        }

        return (disk, program);
    }

    private static void CrashAndCheck(ulong seed, long step)
    {
        var (disk, program) = RunUntil(seed, step, DiskFaults.None);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            var found = program.Find(log);
            Assert.True(found >= 0, $"WW_SEED={seed} step {step}: {Describe(program, log)}");
            program.Acknowledge(program.Possible[found]);

            // What was recovered is durable, and the log goes on.
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.True(program.Find(log) == 0, $"WW_SEED={seed} step {step}, second start");
            program.Run(log);
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.True(program.Find(log) == 0, $"WW_SEED={seed} step {step}, third start");
        }
    }
}

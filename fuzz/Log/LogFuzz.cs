using System.Globalization;
using Wetware.Core;
using Wetware.Fuzz.Disk;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Log;

/// <summary>
/// The write-ahead log on a disk that misbehaves: programs cut short by crashes and failed syncs, and folders whose files were damaged by
/// an outsider. Nothing acknowledged may be lost silently, and nothing but a <see cref="LogException"/> may come out.
/// </summary>
internal static class LogFuzz
{
    private const int ProgramLength = 60;

    // Reads and writes cost microseconds on the simulated disk; a case that takes this long is stuck.
    private static readonly TimeSpan CaseTimeMax = TimeSpan.FromSeconds(10);

    /// <summary>Runs so many cases, each from a seed of its own; 0 if all went well.</summary>
    public static int Run(ulong seed, ulong cases)
    {
        Console.WriteLine($"fuzz log --seed {seed} --cases {cases}");
        var refused = 0;
        for (var i = 0UL; i < cases; i++)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            var failure = (i % 3) switch
            {
                0 => Crash(seed + i),
                1 => FailSync(seed + i),
                _ => Mutate(seed + i, ref refused),
            };
            if (failure is null && System.Diagnostics.Stopwatch.GetElapsedTime(start) > CaseTimeMax)
            {
                failure = "took too long";
            }

            if (failure is not null)
            {
                Console.WriteLine($"FAILED: {failure}\nreplay: fuzz log --seed {seed + i - (i % 3)} --cases 3");
                return 1;
            }
        }

        Console.WriteLine($"{cases} cases, {refused} damaged folders refused, nothing acknowledged lost");
        return 0;
    }

    /// <summary>Power failures in a row, each possibly during the recovery from the one before.</summary>
    private static string? Crash(ulong seed)
    {
        var prng = new Prng(seed);
        var disk = new SimulatedDisk(seed);
        var program = new LogProgram(seed, ProgramLength);
        for (var life = 0; life < 6; life++)
        {
            disk.CrashAtStep = disk.Steps + (long)prng.Below(150);
            try
            {
                using var log = WriteAheadLog.Open(disk, Logs.Small);
                var found = program.Find(log);
                if (found < 0)
                {
                    return $"life {life} shows a state that never was";
                }

                program.Acknowledge(program.Possible[found]);
                program.Run(log);
                disk.Crash();
            }
            catch (SimulatedCrashException)
            {
                // The next life looks at what is left.
            }
        }

        return null;
    }

    /// <summary>A sync fails, the process starts anew, and then the power fails too.</summary>
    private static string? FailSync(ulong seed)
    {
        var disk = new SimulatedDisk(seed);
        var program = new LogProgram(seed, ProgramLength);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            disk.Faults = new() { SyncFailChance = 0.03 };
            try
            {
                program.Run(log);
            }
            catch (Exception failure) when (failure is LogException or IOException)
            {
                disk.Faults = DiskFaults.None;
            }

            disk.Faults = DiskFaults.None;
            disk.Restart();
        }

        for (var life = 0; life < 2; life++)
        {
            using var log = WriteAheadLog.Open(disk, Logs.Small);
            var found = program.Find(log);
            if (found < 0)
            {
                return $"start {life} after a failed sync shows a state that never was";
            }

            program.Acknowledge(program.Possible[found]);
            disk.Crash();
        }

        return null;
    }

    /// <summary>An outsider changes files; opening the folder, and using it, ends well or in a <see cref="LogException"/>.</summary>
    private static string? Mutate(ulong seed, ref int refused)
    {
        var prng = new Prng(seed);
        var disk = new SimulatedDisk(seed);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            new LogProgram(seed, ProgramLength).Run(log);
        }

        disk.Restart();
        for (var damage = prng.Between(1, 4); damage > 0; damage--)
        {
            Damage(disk, ref prng);
        }

        try
        {
            using var log = WriteAheadLog.Open(disk, Logs.Small);
            foreach (var group in log.Groups.ToArray())
            {
                Logs.Dump(group);
                _ = group.Unknown().Take(1000).Count();
                group.Append([Logs.Entry(99, group.StoredLast.Value + 1)]);
            }

            log.Commit();
        }
        catch (LogException)
        {
            refused++;
        }
#pragma warning disable CA1031 // Any other exception is what the fuzzer looks for.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure.ToString();
        }

        return null;
    }

    private static void Damage(SimulatedDisk disk, ref Prng prng)
    {
        var names = disk.List();
        var name = names[(int)prng.Below((ulong)names.Count)];
        var bytes = disk.Contents(name);
        var at = bytes.Length == 0 ? 0 : (int)prng.Below((ulong)bytes.Length);
        var run = bytes.Length == 0 ? 0 : (int)prng.Below((ulong)Math.Min(2000, bytes.Length - at) + 1);
        switch (prng.Below(7))
        {
            case 0:
                disk.Replace(name, bytes.AsSpan(0, at));
                break;
            case 1:
                disk.Replace(name, [.. bytes, .. bytes.AsSpan(at, run)]);
                break;
            case 2:
                disk.Delete(name);
                break;
            case 3:
                bytes.AsSpan(at, run).Clear();
                disk.Replace(name, bytes);
                break;
            case 4:
                // A sector of one place appears at another.
                var target = (int)prng.Below((ulong)(bytes.Length - run) + 1);
                bytes.AsSpan(at, run).ToArray().CopyTo(bytes, target);
                disk.Replace(name, bytes);
                break;
            case 5:
                disk.Replace(name, disk.Contents(names[(int)prng.Below((ulong)names.Count)]));
                break;
            default:
                prng.Fill(bytes.AsSpan(at, Math.Min(run, 40)));
                disk.Replace(name, bytes);
                break;
        }
    }
}

using Wetware.Core;
using Wetware.Fuzz.Disk;
using Wetware.Fuzz.Log;
using Wetware.Raft.Log;
using Wetware.Testing;

namespace Wetware.Raft.Tests.Log;

/// <summary>What the log does when the disk does not do as it was told.</summary>
public class LogFaultTests
{
    private const int ProgramLength = 40;

    private static readonly GroupId One = new(1);

    [Fact]
    public void A_failed_sync_stops_the_log_for_good_and_what_a_restart_then_shows_is_durable()
    {
        var seed = Property.Seed();
        for (var round = 0UL; round < 300; round++)
        {
            var disk = new SimulatedDisk(seed + round);
            var program = new LogProgram(seed + round, ProgramLength);
            using (var log = WriteAheadLog.Open(disk, Logs.Small))
            {
                disk.Faults = new() { SyncFailChance = 0.05 };
                try
                {
                    program.Run(log);
                    continue;
                }
                catch (LogFailedException)
                {
                    Assert.True(log.IsFailed);
                }
                catch (IOException)
                {
                    // A snapshot that could not be stored says so to its writer, and does not stop the log.
                    Assert.False(log.IsFailed);
                    continue;
                }

                disk.Faults = DiskFaults.None;
                Assert.Throws<LogFailedException>(log.Commit);
                Assert.Throws<LogFailedException>(() => log.Reclaim());
                disk.Restart();
            }

            // The process starts anew; the kernel still shows bytes that never reached the disk.
            using (var log = WriteAheadLog.Open(disk, Logs.Small))
            {
                var found = program.Find(log);
                Assert.True(found >= 0, $"WW_SEED={seed} round {round}");
                program.Acknowledge(program.Possible[found]);
                disk.Crash();
            }

            using (var log = WriteAheadLog.Open(disk, Logs.Small))
            {
                Assert.True(program.Find(log) == 0, $"WW_SEED={seed} round {round}, after the power failed too: {LogCrashTests.Describe(program, log)}");
            }
        }
    }

    [Fact]
    public void A_damaged_sector_anywhere_makes_entries_unknown_and_never_absent_and_peers_mend_it()
    {
        var seed = Property.Seed();
        var damaged = 0;
        for (var round = 0UL; round < 4; round++)
        {
            var reference = RunToEnd(seed + round, out _);
            foreach (var name in reference.List())
            {
                for (var sector = 0; sector * 512L < reference.Contents(name).Length; sector++)
                {
                    damaged += DamageAndMend(seed + round, name, sector * 512L) ? 1 : 0;
                }
            }
        }

        // The test would prove nothing if it never hit an entry.
        Assert.True(damaged > 10);
    }

    [Fact]
    public void A_corrupt_acknowledged_entry_is_named_and_repaired_in_place()
    {
        var disk = new SimulatedDisk(5);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            for (ulong index = 1; index <= 8; index++)
            {
                log.Group(One).Append(1, index, index, 300);
                log.Commit();
            }
        }

        // The first batch is the start of the segment; each batch is two sectors.
        disk.CorruptAt(FirstSegment(disk), 512 + (3 * 1024) + 100);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            var group = log.Group(One);
            Assert.Equal(1, log.Recovery.DamagedRecords);
            var unknown = Assert.Single(group.Unknown());
            Assert.Equal(new UnknownEntry(new(3), new Term(1), 300), unknown);
            Assert.Equal(2UL, group.LastIndex.Value);
            Assert.Equal(8UL, group.StoredLast.Value);
            Assert.Equal(LogRead.Unavailable, group.Term(new(3), out _));

            Assert.False(group.Repair(new(new(1), new(3), EntryType.Normal, new byte[300])));
            Assert.True(group.Repair(Logs.Entry(1, 3, 300)));
            Assert.False(group.HasUnknown);
            Assert.Equal(8, Logs.Dump(group).Count);
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.Equal(0, log.Recovery.DamagedRecords);
            Assert.Equal(8, Logs.Dump(log.Group(One)).Count);
        }
    }

    [Fact]
    public void Batches_that_vanished_altogether_leave_all_groups_uncertain()
    {
        var disk = new SimulatedDisk(5);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            for (ulong index = 1; index <= 8; index++)
            {
                log.Group(One).Append(1, index, index, 300);
                log.Commit();
            }
        }

        disk.CorruptAt(FirstSegment(disk), 512 + (3 * 1024) + 100);
        disk.CorruptAt(FirstSegment(disk), 512 + (3 * 1024) + 512);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            var group = log.Group(One);
            Assert.Equal(1UL, log.Recovery.LostBatches);
            Assert.True(group.IsHardStateUnknown);
            Assert.True(group.HasUnknown);
            Assert.Equal(0UL, group.LastIndex.Value);
            Assert.Equal(8UL, group.StoredLast.Value);
            group.Append(1, 1, 8, 300);
            log.Commit();
            Assert.False(group.HasUnknown);
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.Equal(8, Logs.Dump(log.Group(One)).Count);
        }
    }

    [Fact]
    public void An_unreadable_sector_makes_an_entry_unknown_at_run_time_too()
    {
        var disk = new SimulatedDisk(5);
        using var log = WriteAheadLog.Open(disk, Logs.Small);
        var group = log.Group(One);
        group.Append(1, 1, 8, 300);
        log.Commit();
        group.Append(1, 9, 9, 300);
        disk.Faults = new() { ReadFailChance = 1 };
        var buffer = new EntryBuffer();
        Assert.Equal(LogRead.Unavailable, group.Entries(new(1), new(3), 1000, buffer));
        Assert.Equal(1UL, Assert.Single(group.Unknown()).Index.Value);
        disk.Faults = DiskFaults.None;
        group.Append([Logs.Entry(1, 1, 300)]);
        log.Commit();
        Assert.Equal(9, Logs.Dump(group).Count);
    }

    [Fact]
    public void A_full_disk_is_told_before_anything_is_lost_and_the_log_goes_on_when_there_is_room()
    {
        var disk = new SimulatedDisk(5);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            disk.Capacity = 8 * 32 * 1024;
            var group = log.Group(One);
            var full = Assert.Throws<DiskFullException>(() => group.Append(1, 1, 1000, 1000));
            Assert.Contains("full", full.Message, StringComparison.Ordinal);
            var last = group.LastIndex.Value;
            Assert.InRange(last, 100UL, 999UL);
            log.Commit();
            Assert.Throws<DiskFullException>(() => group.Append(1, last + 1, 1000, 1000));
            Assert.Equal(last, group.LastIndex.Value);

            disk.Capacity = long.MaxValue;
            group.Append(1, last + 1, last + 50, 1000);
            log.Commit();
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.True(Logs.Dump(log.Group(One)).Count > 150);
        }
    }

    [Fact]
    public void Writes_that_land_elsewhere_are_noticed_when_later_ones_land_right()
    {
        var seed = Property.Seed();
        var noticed = 0;
        for (var round = 0UL; round < 200; round++)
        {
            var disk = new SimulatedDisk(seed + round);
            var program = new LogProgram(seed + round, 20);
            using (var log = WriteAheadLog.Open(disk, Logs.Small))
            {
                program.Run(log);
                disk.Faults = new() { MisdirectChance = 1 };
                var victim = program.Current[0].Last + 1;
                LogProgram.Group(log, 0).Append(9, victim, victim);
                log.Commit();
                disk.Faults = DiskFaults.None;
                LogProgram.Group(log, 1).Append(9, program.Current[1].Last + 1, program.Current[1].Last + 1);
                log.Commit();
                disk.Crash();
                try
                {
                    using var again = WriteAheadLog.Open(disk, Logs.Small);
                    var group = LogProgram.Group(again, 0);
                    var isShown = group.LastIndex.Value == victim;
                    Assert.True(
                        isShown || group.IsTailUncertain || group.HasUnknown || again.Recovery.LostBatches > 0, $"WW_SEED={seed} round {round}");
                    noticed += isShown ? 0 : 1;
                }
                catch (LogFormatException)
                {
                    noticed++;
                }
            }
        }

        Assert.True(noticed > 100);
    }

    internal static SimulatedDisk RunToEnd(ulong seed, out LogProgram program)
    {
        var disk = new SimulatedDisk(seed);
        program = new(seed, ProgramLength);
        using var log = WriteAheadLog.Open(disk, Logs.Small);
        program.Run(log);
        disk.Crash();
        return disk;
    }

    internal static string FirstSegment(SimulatedDisk disk) => disk.List().First(name => name.EndsWith(".log", StringComparison.Ordinal));

    private static bool DamageAndMend(ulong seed, string name, long offset)
    {
        var disk = RunToEnd(seed, out var program);
        disk.CorruptSector(name, offset);
        var replay = $"WW_SEED={seed} file {name} at {offset}";
        bool isDamaged;
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            isDamaged = log.Recovery.DamagedRecords > 0;
            LogCrashTests.AssertCovered(program, log, replay);
            for (var i = 0; i < LogProgram.Groups; i++)
            {
                Mend(LogProgram.Group(log, i), program.Current[i]);
            }

            log.Commit();
            Assert.True(program.Find(log) == 0, replay + ", mended");
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.True(program.Find(log) == 0, replay + ", mended and restarted");
        }

        return isDamaged;
    }

    private static void Mend(GroupLog group, ModelGroup model)
    {
        foreach (var unknown in group.Unknown().ToArray())
        {
            var (term, bytes) = model.Entries[(int)(unknown.Index.Value - model.Offset - 1)];
            Assert.True(group.Repair(Logs.Entry(term, unknown.Index.Value, bytes)));
        }
    }
}

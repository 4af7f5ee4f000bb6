using Wetware.Core;
using Wetware.Fuzz.Disk;
using Wetware.Fuzz.Log;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Tests.Log;

/// <summary>Each way in which a data folder can be the wrong one has a message that says what to do, and changes nothing on disk.</summary>
public class LogFolderTests
{
    private static readonly GroupId One = new(1);

    [Fact]
    public void A_folder_of_another_node_or_cluster_is_refused()
    {
        var disk = MakeFolder();
        var node = Refused<WrongStorageException>(disk, Logs.Small with { Identity = Logs.Identity with { Node = new(4) } });
        Assert.Contains("belongs to node 3", node.Message, StringComparison.Ordinal);
        Refused<WrongStorageException>(disk, Logs.Small with { Identity = Logs.Identity with { Cluster = 8 } });
    }

    [Fact]
    public void A_folder_keeps_its_incarnation_and_sizes_and_a_wiped_one_says_that_it_is_fresh()
    {
        var disk = MakeFolder();
        var later = Logs.Small with { Identity = Logs.Identity with { Incarnation = 5 }, SegmentBytes = 1 << 20 };
        using (var log = WriteAheadLog.Open(disk, later))
        {
            Assert.False(log.Recovery.IsFresh);
            Assert.Equal(Logs.Identity.Incarnation, log.Identity.Incarnation);
            Assert.Equal(20, Logs.Dump(log.Group(One)).Count);
        }

        using var wiped = WriteAheadLog.Open(new SimulatedDisk(2), later);
        Assert.True(wiped.Recovery.IsFresh);
        Assert.Equal(5UL, wiped.Identity.Incarnation);
    }

    [Fact]
    public void Only_one_log_at_a_time_has_the_folder()
    {
        var disk = MakeFolder();
        using (WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.Throws<DataFolderLockedException>(() => WriteAheadLog.Open(disk, Logs.Small));
        }

        WriteAheadLog.Open(disk, Logs.Small).Dispose();
    }

    [Fact]
    public void Another_format_is_refused_by_number()
    {
        var disk = MakeFolder();
        var identity = disk.Contents(FileNames.Identity);
        for (var copy = 0; copy < identity.Length; copy += LogLimits.SectorBytesMax)
        {
            identity[copy + 12]++;
            BitConverter.TryWriteBytes(identity.AsSpan(copy + 8), Crc32C.Of(identity.AsSpan(copy + 12, 36)));
        }

        disk.Replace(FileNames.Identity, identity);
        var refused = Refused<LogVersionException>(disk, Logs.Small);
        Assert.Contains("format 3", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_that_was_cut_is_a_short_read()
    {
        var disk = MakeFolder();
        var name = LogFaultTests.FirstSegment(disk);
        disk.Replace(name, disk.Contents(name).AsSpan(0, 10_000));
        var refused = Refused<ShortReadException>(disk, Logs.Small);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains("10000 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_that_is_missing_is_named()
    {
        var disk = MakeFolder();
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            log.Group(One).Append(1, 21, 100, 1000);
            log.Commit();
        }

        var name = disk.List().Where(name => FileNames.TrySegment(name, out _)).Skip(1).First();
        disk.Delete(name);
        Assert.Contains(name, Refused<LogFormatException>(disk, Logs.Small).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Segments_without_an_identity_are_not_taken_for_a_fresh_folder()
    {
        var disk = MakeFolder();
        disk.Delete(FileNames.Identity);
        Assert.Contains(FileNames.Identity, Refused<LogFormatException>(disk, Logs.Small).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_of_another_folder_is_refused()
    {
        var disk = MakeFolder();
        var other = new SimulatedDisk(9);
        using (var log = WriteAheadLog.Open(other, Logs.Small with { Identity = Logs.Identity with { Incarnation = 99 } }))
        {
            log.Commit();
        }

        var name = LogFaultTests.FirstSegment(disk);
        disk.Replace(name, other.Contents(LogFaultTests.FirstSegment(other)));
        Assert.Contains("another data folder", Refused<LogFormatException>(disk, Logs.Small).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hard_state_slots_damaged_in_both_twins_stop_the_node_rather_than_forget_a_vote()
    {
        var disk = MakeFolder();
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            log.Group(One).Append(1, 21, 100, 1000);
            log.Commit();
            log.Group(One).Compact(new(100));
            log.Commit();
            Assert.True(log.Reclaim() > 0);
        }

        disk.CorruptAt(FileNames.State, 20);
        disk.CorruptAt(FileNames.State, 532);
        Assert.Contains("learner", Refused<LogFormatException>(disk, Logs.Small).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_group_that_never_compacts_does_not_keep_old_segments_for_ever()
    {
        var disk = new SimulatedDisk(3);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            log.Group(new(2)).Append(1, 1, 3);
            var busy = log.Group(One);
            for (ulong round = 0; round < 40; round++)
            {
                busy.Append(1, (round * 10) + 1, (round + 1) * 10, 1000);
                log.Commit();
                busy.Compact(new((round + 1) * 10));
                if (log.SegmentCount > 4)
                {
                    log.MoveOldest();
                }

                log.Commit();
                log.Reclaim();
            }

            Assert.InRange(log.SegmentCount, 1, 6);
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.Equal([(1, 1, 16), (2, 1, 16), (3, 1, 16)], Logs.Dump(log.Group(new(2))));
            Assert.Equal(401UL, log.Group(One).FirstIndex.Value);
        }
    }

    private static SimulatedDisk MakeFolder()
    {
        var disk = new SimulatedDisk(1);
        using var log = WriteAheadLog.Open(disk, Logs.Small);
        log.Group(One).Append(1, 1, 20);
        log.Commit();
        return disk;
    }

    private static T Refused<T>(SimulatedDisk disk, LogOptions options)
        where T : Exception
    {
        var before = disk.List().ToDictionary(name => name, disk.Contents);
        var refusal = Assert.Throws<T>(() => WriteAheadLog.Open(disk, options));
        Assert.Equal(before.Keys.Order(), disk.List().Order());
        Assert.All(before, file => Assert.Equal(file.Value, disk.Contents(file.Key)));
        return refusal;
    }
}

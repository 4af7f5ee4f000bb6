using Wetware.Core;
using Wetware.Fuzz.Disk;
using Wetware.Fuzz.Log;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Files;

namespace Wetware.Raft.Tests.Log;

public class WriteAheadLogTests
{
    private static readonly GroupId One = new(1);
    private static readonly GroupId Two = new(2);

    [Fact]
    public void What_was_committed_is_there_after_a_crash_and_what_was_not_is_gone()
    {
        var disk = new SimulatedDisk(1) { Faults = new() { SurviveChance = 0 } };
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.True(log.Recovery.IsFresh);
            log.Group(One).Append(1, 1, 10);
            log.Group(One).SetHardState(new(new(1), new(2), new(4)));
            log.Group(Two).Append(5, 1, 3, 700);
            log.Commit();
            Assert.Equal(10UL, log.Group(One).DurableIndex.Value);
            log.Group(One).Append(1, 11, 12);
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.False(log.Recovery.IsFresh);
            Assert.Equal(10UL, log.Group(One).LastIndex.Value);
            Assert.Equal(new HardState(new(1), new(2), new(4)), log.Group(One).HardState);
            Assert.Equal(Enumerable.Range(1, 10).Select(i => ((ulong)i, 1UL, 16)), Logs.Dump(log.Group(One)));
            Assert.Equal(Enumerable.Range(1, 3).Select(i => ((ulong)i, 5UL, 700)), Logs.Dump(log.Group(Two)));
        }
    }

    [Fact]
    public void A_conflicting_entry_replaces_all_from_its_index_on_and_a_known_one_changes_nothing()
    {
        var disk = new SimulatedDisk(1);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            var group = log.Group(One);
            group.Append(1, 1, 10);
            log.Commit();
            group.Append(1, 3, 5);
            Assert.Equal(10UL, group.LastIndex.Value);
            group.Append(2, 6, 7);
            Assert.Equal(7UL, group.LastIndex.Value);
            log.Commit();
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            Assert.Equal([(1, 1, 16), (2, 1, 16), (3, 1, 16), (4, 1, 16), (5, 1, 16), (6, 2, 16), (7, 2, 16)], Logs.Dump(log.Group(One)));
        }
    }

    [Fact]
    public void A_batch_may_span_segments_and_segments_are_freed_when_all_groups_have_compacted()
    {
        var disk = new SimulatedDisk(1);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            var group = log.Group(One);
            group.Append(1, 1, 200, 1000);
            group.SetHardState(new(new(1), new(9), new(200)));
            log.Commit();
            Assert.True(log.SegmentCount > 6);
            group.Compact(new(190));
            log.Commit();
            Assert.True(log.Reclaim() > 5);
            Assert.InRange(log.SegmentCount, 1, 2);
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            var group = log.Group(One);
            Assert.Equal(191UL, group.FirstIndex.Value);
            Assert.Equal(200UL, group.LastIndex.Value);
            Assert.Equal(LogRead.Ok, group.Term(new(190), out var term));
            Assert.Equal(1UL, term.Value);
            Assert.Equal(LogRead.Compacted, group.Term(new(189), out _));
            Assert.Equal(new HardState(new(1), new(9), new(200)), group.HardState);
            Assert.Equal(10, Logs.Dump(group).Count);
        }
    }

    [Fact]
    public void It_works_on_a_real_disk()
    {
        var folder = Directory.CreateTempSubdirectory("ww-log-");
        try
        {
            var files = new DiskFileSystem(folder.FullName);
            for (ulong round = 0; round < 3; round++)
            {
                using var log = WriteAheadLog.Open(files, Logs.Small);
                var group = log.Group(One);
                Assert.Equal(round * 100, group.LastIndex.Value);
                group.Append(1, (round * 100) + 1, (round + 1) * 100, 900);
                log.Commit();
                Assert.Equal((int)(round + 1) * 100, Logs.Dump(group).Count);
                var locked = Assert.Throws<DataFolderLockedException>(() => WriteAheadLog.Open(new DiskFileSystem(folder.FullName), Logs.Small));
                Assert.Contains(folder.FullName, locked.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

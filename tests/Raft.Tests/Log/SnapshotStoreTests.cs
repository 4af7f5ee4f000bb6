using Wetware.Core;
using Wetware.Fuzz.Disk;
using Wetware.Fuzz.Log;
using Wetware.Raft.Log;
using Wetware.Testing;

namespace Wetware.Raft.Tests.Log;

public class SnapshotStoreTests
{
    private static readonly GroupId One = new(1);
    private static readonly ConfState Members = new()
    {
        Voters = [new(1), new(2)],
        VotersOutgoing = [new(3)],
        Learners = [new(4)],
        LearnersNext = [new(5)],
        Witnesses = [new(2)],
        AutoLeave = true,
    };

    [Fact]
    public void A_snapshot_is_read_back_chunk_by_chunk_with_its_configuration()
    {
        var disk = new SimulatedDisk(1);
        var data = Logs.Payload(1, 1, (3 * LogLimits.SnapshotChunkBytes) + 17);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            log.Group(One).Append(1, 1, 20);
            Store(log, 10, data, offer: true);
            log.Group(One).Compact(new(10));
            log.Commit();
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            var group = log.Group(One);
            Assert.Equal(LogRead.Ok, group.Snapshot(out var snapshot));
            Assert.Equal(10UL, snapshot!.Metadata.Index.Value);
            Assert.True(group.ConfState.IsEquivalentTo(Members));
            Assert.Equal(data, ReadAll(log, snapshot));
        }
    }

    [Fact]
    public void One_writer_at_a_time_has_a_snapshot()
    {
        using var log = WriteAheadLog.Open(new SimulatedDisk(1), Logs.Small);
        var metadata = new SnapshotMetadata(new(10), new(1), Members);
        using (log.Snapshots.Begin(One, metadata))
        {
            Assert.Throws<SnapshotBusyException>(() => log.Snapshots.Begin(One, metadata));
            log.Snapshots.Begin(One, metadata with { Index = new(11) }).Dispose();
        }

        log.Snapshots.Begin(One, metadata).Dispose();
    }

    [Fact]
    public void Who_writes_a_snapshot_again_keeps_it_when_the_first_copy_is_put_to_use()
    {
        using var log = WriteAheadLog.Open(new SimulatedDisk(1), Logs.Small);
        var metadata = new SnapshotMetadata(new(10), new(1), Members);
        var first = log.Snapshots.Begin(One, metadata);
        first.Write("state"u8);
        var stored = first.Complete();
        using var second = log.Snapshots.Begin(One, metadata);
        log.Group(One).Install(stored);

        Assert.Throws<SnapshotBusyException>(() => log.Snapshots.Begin(One, metadata));
    }

    [Fact]
    public void What_was_pieced_together_from_two_senders_is_given_up_and_started_anew()
    {
        var data = Logs.Payload(1, 3, (2 * LogLimits.SnapshotChunkBytes) + 5);
        using var log = WriteAheadLog.Open(new SimulatedDisk(1), Logs.Small);
        var metadata = new SnapshotMetadata(new(10), new(1), Members);
        using (var broken = log.Snapshots.Begin(One, metadata))
        {
            broken.Write(new byte[LogLimits.SnapshotChunkBytes + 1]);
        }

        using (var mixed = log.Snapshots.Begin(One, metadata))
        {
            Assert.Equal(LogLimits.SnapshotChunkBytes, mixed.Bytes);
            mixed.Write(data.AsSpan(LogLimits.SnapshotChunkBytes));
            Assert.NotEqual(Crc32C.Of(data), mixed.Checksum);
            mixed.Discard();
        }

        using var whole = log.Snapshots.Begin(One, metadata);
        Assert.Equal(0, whole.Bytes);
        whole.Write(data);
        Assert.Equal(Crc32C.Of(data), whole.Checksum);
        Assert.Equal(data, ReadAll(log, whole.Complete()));
    }

    [Fact]
    public void A_snapshot_that_a_full_disk_refused_may_be_stored_when_there_is_room()
    {
        var disk = new SimulatedDisk(1);
        using var log = WriteAheadLog.Open(disk, Logs.Small);
        var metadata = new SnapshotMetadata(new(10), new(1), Members);
        disk.Capacity = 0;
        Assert.Throws<DiskFullException>(() => log.Snapshots.Begin(One, metadata));
        disk.Capacity = long.MaxValue;
        using var writer = log.Snapshots.Begin(One, metadata);
        writer.Write([1, 2, 3]);
        Assert.Equal([1, 2, 3], ReadAll(log, writer.Complete()));
    }

    [Fact]
    public void An_installed_snapshot_replaces_the_log_at_once_or_not_at_all()
    {
        var seed = Property.Seed();
        var data = Logs.Payload(1, 2, 100_000);
        var (olds, news) = (0, 0);
        for (var step = 0L; step < 40; step++)
        {
            var disk = new SimulatedDisk(seed + (ulong)step);
            var isInstalled = false;
            try
            {
                using var log = WriteAheadLog.Open(disk, Logs.Small);
                log.Group(One).Append(1, 1, 20);
                log.Commit();
                disk.CrashAtStep = disk.Steps + step;
                Store(log, 50, data, offer: false);
                log.Group(One).Append(4, 51, 52);
                log.Commit();
                isInstalled = true;
                disk.Crash();
            }
            catch (SimulatedCrashException)
            {
                // That is what the test is about.
            }

            using var again = WriteAheadLog.Open(disk, Logs.Small);
            var group = again.Group(One);
            if (group.FirstIndex.Value == 1)
            {
                Assert.False(isInstalled);
                Assert.Equal(20, Logs.Dump(group).Count);
                Assert.Equal(LogRead.Unavailable, group.Snapshot(out _));
                olds++;
            }
            else
            {
                Assert.Equal((51UL, 52UL), (group.FirstIndex.Value, group.LastIndex.Value));
                Assert.Equal(LogRead.Ok, group.Snapshot(out var snapshot));
                Assert.Equal(data, ReadAll(again, snapshot!));
                Assert.True(group.ConfState.IsEquivalentTo(Members));
                news++;
            }
        }

        Assert.True(olds > 0 && news > 0);
    }

    [Fact]
    public void A_transfer_that_broke_off_goes_on_after_the_last_whole_chunk()
    {
        var disk = new SimulatedDisk(1);
        var data = Logs.Payload(1, 3, 200 * LogLimits.SnapshotChunkBytes);
        var metadata = new SnapshotMetadata(new(50), new(3), Members);
        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            using var writer = log.Snapshots.Begin(One, metadata);
            writer.Write(data.AsSpan(0, 150 * LogLimits.SnapshotChunkBytes));
            disk.Crash();
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            using var writer = log.Snapshots.Begin(One, metadata);

            // The first 128 chunks were synced; the sectors of the others may or may not be there.
            Assert.InRange(writer.Bytes, 128 * LogLimits.SnapshotChunkBytes, 149 * LogLimits.SnapshotChunkBytes);
            writer.Write(data.AsSpan((int)writer.Bytes));
            var snapshot = writer.Complete();
            log.Group(One).Install(snapshot);
            log.Commit();
            Assert.Equal(data, ReadAll(log, snapshot));
            Assert.True(SnapshotReference.TryDecode(snapshot.Data.Span, out var reference));
            Assert.Equal(new SnapshotReference(data.Length, Crc32C.Of(data)), reference);
        }

        using (var log = WriteAheadLog.Open(disk, Logs.Small))
        {
            // Another configuration makes it another snapshot.
            using var writer = log.Snapshots.Begin(One, metadata with { Index = new(60) });
            Assert.Equal(0, writer.Bytes);
        }
    }

    [Fact]
    public void A_damaged_chunk_is_noticed_when_it_is_read_and_a_damaged_header_has_a_copy()
    {
        var disk = new SimulatedDisk(1);
        using var log = WriteAheadLog.Open(disk, Logs.Small);
        var data = Logs.Payload(1, 4, 3 * LogLimits.SnapshotChunkBytes);
        log.Group(One).Append(1, 1, 20);
        var snapshot = Store(log, 10, data, offer: true);
        var name = disk.List().Single(name => name.EndsWith(".snapshot", StringComparison.Ordinal));
        disk.CorruptAt(name, 40);
        disk.CorruptAt(name, 120_000);
        log.Commit();
        log.Dispose();
        using var again = WriteAheadLog.Open(disk, Logs.Small);
        Assert.Equal(LogRead.Ok, again.Group(One).Snapshot(out var found));
        Assert.Equal(snapshot.Metadata.Index, found!.Metadata.Index);
        var damage = Assert.Throws<LogFormatException>(() => ReadAll(again, found));
        Assert.Contains("chunk 1", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Older_snapshots_are_pruned_and_their_open_readers_go_on()
    {
        var disk = new SimulatedDisk(1);
        using var log = WriteAheadLog.Open(disk, Logs.Small);
        var group = log.Group(One);
        group.Append(1, 1, 20);
        var data = Logs.Payload(1, 5, 1000);
        var first = Store(log, 5, data, offer: true);
        using var reader = log.Snapshots.Open(One, first);
        Store(log, 10, Logs.Payload(1, 6, 10), offer: true);
        log.Commit();
        log.Snapshots.Prune(group);
        Assert.Single(disk.List(), name => name.EndsWith(".snapshot", StringComparison.Ordinal));
        Assert.Equal(data, reader.ReadChunk(0).ToArray());
    }

    private static Snapshot Store(WriteAheadLog log, ulong index, byte[] data, bool offer)
    {
        using var writer = log.Snapshots.Begin(One, new(new(index), new(offer ? 1UL : 3), Members));
        writer.Write(data);
        var snapshot = writer.Complete();
        if (offer)
        {
            log.Group(One).Offer(snapshot);
        }
        else
        {
            log.Group(One).Install(snapshot);
        }

        return snapshot;
    }

    private static byte[] ReadAll(WriteAheadLog log, Snapshot snapshot)
    {
        using var reader = log.Snapshots.Open(One, snapshot);
        var all = new List<byte>();
        while (true)
        {
            var chunk = reader.ReadChunk(all.Count);
            if (chunk.IsEmpty)
            {
                return [.. all];
            }

            all.AddRange(chunk);
        }
    }
}

using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Files;
using Wetware.Testing;

namespace Wetware.Host.Tests.Consensus;

/// <summary>The two ends of the transfer of a snapshot, on real files.</summary>
public sealed class SnapshotTransferTests : IDisposable
{
    private static readonly GroupId s_group = new(1);
    private static readonly SnapshotMetadata s_metadata = new(new LogIndex(10), new Term(2), ConfState.OfVoters(new NodeId(1)));
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-transfer-").FullName;
    private readonly WriteAheadLog _sender;
    private readonly WriteAheadLog _receiver;

    public SnapshotTransferTests() => (_sender, _receiver) = (Open("sender", 1), Open("receiver", 2));

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_transfer_that_breaks_off_anywhere_is_gone_on_with_until_the_whole_is_there()
    {
        var seed = Property.Seed();
        var random = new Prng(seed);
        var state = State(random.Between(1, 5 * LogLimits.SnapshotChunkBytes), fill: 1);
        using var source = Source(state, pieceBytes: random.Between(1000, 2 * LogLimits.SnapshotChunkBytes));
        var stored = (Snapshot?)null;
        for (var attempt = 0; stored is null; attempt++)
        {
            using var intake = Intake(state.Length);
            Assert.Equal(0, intake.From % LogLimits.SnapshotChunkBytes);
            source.GoOnFrom(intake.From);
            var pieces = attempt == 20 ? int.MaxValue : random.Between(0, 200);
            while (!source.IsDone && pieces-- > 0)
            {
                Assert.Null(intake.Take(source.Read()));
            }

            if (source.IsDone)
            {
                Assert.Null(intake.End(source.Checksum, out stored));
                Assert.NotNull(intake.Take(new byte[1]));
            }
        }

        Assert.Equal(state, Read(stored));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    public void What_another_sender_left_of_the_same_snapshot_is_not_in_the_way_for_ever(int chunksLeft, int chunksSent)
    {
        using (var other = Intake(10 * LogLimits.SnapshotChunkBytes))
        {
            Assert.Null(other.Take(State((chunksLeft * LogLimits.SnapshotChunkBytes) + 1, fill: 9)));
        }

        var state = State(chunksSent * LogLimits.SnapshotChunkBytes, fill: 1);
        using var source = Source(state);
        using (var intake = Intake(state.Length))
        {
            Assert.Equal(chunksLeft * LogLimits.SnapshotChunkBytes, intake.From);
            source.GoOnFrom(intake.From);
            while (!source.IsDone)
            {
                Assert.Null(intake.Take(source.Read()));
            }

            Assert.NotNull(intake.End(source.Checksum, out var nothing));
            Assert.Null(nothing);
        }

        using (var intake = Intake(state.Length))
        {
            Assert.Equal(0, intake.From);
            source.GoOnFrom(0);
            while (!source.IsDone)
            {
                Assert.Null(intake.Take(source.Read()));
            }

            Assert.Null(intake.End(source.Checksum, out var stored));
            Assert.Equal(state, Read(stored!));
        }
    }

    [Fact]
    public void More_than_was_announced_is_refused()
    {
        using var intake = Intake(100);
        Assert.Null(intake.Take(new byte[100]));
        Assert.Equal("the snapshot is longer than announced", intake.Take(new byte[1]));
    }

    [Fact]
    public void A_receiver_that_claims_to_have_what_does_not_exist_is_sent_nothing()
    {
        using var source = Source(State(1000, fill: 1));
        foreach (var offset in new[] { -1, long.MinValue, 1001, long.MaxValue })
        {
            source.GoOnFrom(offset);
            Assert.True(source.IsDone);
        }
    }

    private static byte[] State(int bytes, byte fill)
    {
        var state = new byte[bytes];
        for (var i = 0; i < bytes; i++)
        {
            state[i] = (byte)((i / 7) + fill);
        }

        return state;
    }

    private WriteAheadLog Open(string name, ulong node)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        return WriteAheadLog.Open(new DiskFileSystem(folder), new LogOptions { Identity = new LogIdentity(1, new NodeId(node), 1) });
    }

    private SnapshotSource Source(byte[] state, int pieceBytes = LogLimits.SnapshotChunkBytes)
    {
        using var writer = _sender.Snapshots.Begin(s_group, s_metadata);
        writer.Write(state);
        return new SnapshotSource(_sender.Snapshots.Open(s_group, writer.Complete()), new SnapshotRate(1 << 30), pieceBytes);
    }

    private SnapshotIntake Intake(long size) => new(_receiver.Snapshots.Begin(s_group, s_metadata), size);

    private byte[] Read(Snapshot snapshot)
    {
        using var source = new SnapshotSource(_receiver.Snapshots.Open(s_group, snapshot), new SnapshotRate(1));
        var state = new List<byte>();
        while (!source.IsDone)
        {
            state.AddRange(source.Read());
        }

        return [.. state];
    }
}

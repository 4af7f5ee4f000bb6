using Wetware.Core;
using Wetware.Fuzz.Disk;
using Wetware.Fuzz.Log;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Format;
using Wetware.Testing;

namespace Wetware.Raft.Tests.Log;

/// <summary>Segments whose checksums are right and whose contents are nonsense.</summary>
public class HostileSegmentTests
{
    [Fact]
    public void Nonsense_with_right_checksums_is_refused_or_understood_and_nothing_else()
    {
        var seed = Property.Seed();
        var prng = new Prng(seed);
        var (refused, opened) = (0, 0);
        for (var round = 0; round < 500; round++)
        {
            var disk = new SimulatedDisk(seed + (ulong)round);
            WriteAheadLog.Open(disk, Logs.Small).Dispose();
            disk.Restart();
            var name = LogFaultTests.FirstSegment(disk);
            disk.Replace(name, MakeNonsense(disk, name, ref prng));
            try
            {
                using var log = WriteAheadLog.Open(disk, Logs.Small);
                foreach (var group in log.Groups)
                {
                    // Most entries claim places far apart, and most of what lies between is unknown.
                    _ = group.Unknown().Take(10).Count();
                }

                opened++;
            }
            catch (LogFormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0 && opened > 0, $"WW_SEED={seed}: {refused} refused, {opened} opened");
    }

    private static byte[] MakeNonsense(SimulatedDisk disk, string name, ref Prng prng)
    {
        var bytes = disk.Contents(name);
        Assert.True(FileNames.TrySegment(name, out var number));
        using var file = disk.Open(name);
        using var segment = new Segment(number, file, Logs.Identity.Incarnation);
        var buffer = new BatchBuffer(Logs.Small.SectorBytes);
        buffer.Open(segment, Logs.Small.SectorBytes, 1 + prng.Below(3));
        for (var count = prng.Between(0, 8); count > 0; count--)
        {
            var payload = new byte[prng.Between(0, 100)];
            buffer.Add(
                new()
                {
                    Length = payload.Length,
                    Type = (RecordType)prng.Between(1, 7),
                    EntryType = (EntryType)prng.Between(0, 255),
                    Flags = (RecordFlags)prng.Between(0, 3),
                    Batch = buffer.BatchNumber,
                    Group = new(prng.Below(3)),
                    Term = new(Number(ref prng)),
                    Index = new(Number(ref prng)),
                    Extra = Number(ref prng),
                },
                payload);
        }

        buffer.Seal();
        buffer[buffer.Batches[0]].CopyTo(bytes.AsSpan(Logs.Small.SectorBytes));
        return bytes;
    }

    private static ulong Number(ref Prng prng) => prng.Below(4) switch
    {
        0 => ulong.MaxValue - prng.Below(3),
        1 => prng.Next(),
        _ => prng.Below(20),
    };
}

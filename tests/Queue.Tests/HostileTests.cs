using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Wetware.Capnp;
using Wetware.Core;
using Wetware.Protocol.Queues;
using Property = Wetware.Testing.Property;
using Wire = Wetware.Protocol.Queues.Generated;

namespace Wetware.Queue.Tests;

/// <summary>Bytes that nobody should have sent.</summary>
public class HostileTests
{
    private static Gen<byte[]> Garbage => Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value));

    [Fact]
    public void Garbage_gets_a_reply_and_changes_nothing() => Property.Check(
        Garbage,
        bytes =>
        {
            using var machine = new QueueMachine();
            var before = machine.Digest;
            var reply = new ArrayBufferWriter<byte>();
            machine.Apply(new LogIndex(1), bytes, reply);
            Assert.Equal(QueueStatus.Malformed, QueueCodec.DecodeReply(reply.WrittenMemory).Status);
            Assert.Equal(before, machine.Digest);
            machine.Query(bytes, new ArrayBufferWriter<byte>());
        },
        cases: 1000);

    [Fact]
    public void A_damaged_command_gets_some_reply_and_leaves_a_sound_machine() => Property.Check(
        Gen.Choose(0, int.MaxValue),
        seed =>
        {
            var prng = new Prng((ulong)seed);
            var driver = new Driver((ulong)seed);
            var one = new Replica();
            var other = new Replica();
            for (var step = 0; step < 60; step++)
            {
                var sent = driver.Next(step);
                var bytes = sent.Bytes;
                for (var damage = prng.Below(4); step > 3 && damage > 0; damage--)
                {
                    bytes[prng.Below((ulong)bytes.Length)] = prng.Chance(0.5) ? (byte)prng.Next() : (byte)0xff;
                }

                if (prng.Chance(0.1))
                {
                    bytes = bytes[..(int)prng.Below((ulong)bytes.Length + 1)];
                }

                driver.Learn(sent, one.Apply(bytes));
                other.Apply(bytes);
                Assert.Equal(one.LastReply, other.LastReply);
                other.Reincarnate();
                Assert.Equal(one.Machine.Digest, other.Machine.Digest);
            }
        },
        cases: 100);

    [Fact]
    public void A_damaged_snapshot_is_refused_and_the_machine_stays_as_it_was()
    {
        var driver = new Driver(3);
        var replica = new Replica();
        for (var step = 0; step < 300; step++)
        {
            var sent = driver.Next(step);
            driver.Learn(sent, replica.Apply(sent.Bytes));
        }

        var snapshot = replica.Snapshot();
        var digest = replica.Machine.Digest;
        var prng = new Prng(Property.Seed());
        for (var i = 0; i < 2000; i++)
        {
            var bytes = snapshot.ToArray();
            var length = prng.Chance(0.2) ? (int)prng.Below((ulong)bytes.Length) : bytes.Length;
            if (length == bytes.Length)
            {
                bytes[prng.Below((ulong)bytes.Length)] ^= (byte)(1 << prng.Between(0, 7));
            }

            if (prng.Chance(0.8) && length > 4)
            {
                // A damage that the checksum does not see: what remains must hold by itself.
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(length - 4), Crc32C.Of(bytes.AsSpan(0, length - 4)));
            }

            if (bytes.AsSpan(0, length).SequenceEqual(snapshot))
            {
                continue;
            }

            try
            {
                replica.Machine.Restore(new ReadOnlySequence<byte>(bytes, 0, length));

                // Only the index may have changed: nothing can tell that it is wrong.
                Assert.Equal(digest, replica.Machine.Digest);
            }
            catch (QueueSnapshotException)
            {
                Assert.Equal(digest, replica.Machine.Digest);
            }
        }
    }

    [Fact]
    public void A_snapshot_in_pieces_is_the_same_snapshot()
    {
        var driver = new Driver(4);
        var replica = new Replica();
        for (var step = 0; step < 300; step++)
        {
            var sent = driver.Next(step);
            driver.Learn(sent, replica.Apply(sent.Bytes));
        }

        var snapshot = replica.Snapshot();
        foreach (var size in new[] { 1, 7, 64 })
        {
            using var machine = new QueueMachine();
            machine.Restore(Pieces(snapshot, size));
            Assert.Equal(replica.Machine.Digest, machine.Digest);
        }
    }

    [Fact]
    public void More_operations_than_the_bytes_hold_are_malformed()
    {
        var replica = new Replica();
        using var message = new MessageBuilder();
        var root = message.Root.InitStruct(new StructSize(6, 1));
        root.SetUInt64(0, replica.Now);
        root.SetUInt16(12, 4);
        root.GetPointer(0).InitStructList(new StructSize(0, 0), 10_000_000);
        Assert.Equal(QueueStatus.Malformed, replica.Apply(message.ToArray()).Status);
    }

    [Theory]
    [InlineData(200, QueueStatus.Ok)]
    [InlineData(8000, QueueStatus.Malformed)]
    public void Operations_that_share_one_large_payload_are_taken_whole_or_not_at_all(int count, QueueStatus status)
    {
        var replica = new Replica();
        var topic = replica.Topic("t");
        using var message = new MessageBuilder(firstSegmentWords: 1 << 19);
        var command = message.InitRoot<Wire.Command.Builder>();
        command.Time = replica.Now;
        var operations = command.InitTransact(count);
        for (var i = 0; i < count; i++)
        {
            var operation = operations[i];
            operation.Topic = topic.Value;
            var enqueue = operation.InitEnqueue();
            if (i == 0)
            {
                enqueue.SetPayload(new byte[QueueLimits.PayloadBytesMax]);
            }
        }

        var bytes = message.ToArray();

        // Frame: table, root pointer, command (6 words of data, 1 pointer), list tag, operations.
        var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan());
        Assert.Equal(0UL, words[0] & 0xffff_ffff);
        const int First = 1 + 1 + 6 + 1 + 1;
        var dataWords = (int)(words[First - 1] >> 32 & 0xffff);
        var stride = dataWords + 2;
        var shared = First + dataWords + 1;
        for (var i = 1; i < count; i++)
        {
            var back = (long)i * stride;
            var offset = ((long)(int)words[shared] >> 2) - back;
            words[shared + (i * stride)] = (words[shared] & 0xffff_ffff_0000_0003) | ((ulong)(uint)(int)(offset << 2) & 0xffff_fffc);
        }

        Assert.Equal(status, replica.Apply(bytes).Status);
        Assert.Equal(status == QueueStatus.Ok ? (ulong)count : 0, replica.Stats(topic).Accepted);
        replica.Reincarnate();
    }

    [Fact]
    public void An_oversized_command_and_an_absurd_time_are_malformed()
    {
        var replica = new Replica();
        Assert.Equal(QueueStatus.Malformed, replica.Apply(new byte[QueueLimits.CommandBytesMax + 8]).Status);
        var late = Replica.Encode(QueueCommand.Tick, QueueLimits.TimeMillisecondsMax + 1);
        Assert.Equal(QueueStatus.Malformed, replica.Apply(late).Status);
        Assert.Equal(0UL, replica.Machine.Clock);
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        Piece? first = null;
        Piece? last = null;
        for (var at = 0; at < bytes.Length; at += size)
        {
            var memory = bytes.AsMemory(at, Math.Min(size, bytes.Length - at));
            last = last is null ? first = new Piece(memory, 0) : last.Append(memory);
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

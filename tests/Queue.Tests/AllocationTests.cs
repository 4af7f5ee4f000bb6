using System.Buffers;
using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue.Tests;

/// <summary>The gate: in steady state the machine allocates nothing.</summary>
public class AllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Enqueue_lease_and_ack_allocate_nothing(bool inSession)
    {
        using var machine = new QueueMachine();
        var reply = new ArrayBufferWriter<byte>(1 << 16);
        var index = 0UL;
        Apply(Replica.Encode(QueueCommand.CreateTopic("t", default), 1));
        var topic = QueueCodec.DecodeReply(reply.WrittenMemory).Topic;
        Apply(Replica.Encode(QueueCommand.OpenSession, 1));
        var session = inSession ? QueueCodec.DecodeReply(reply.WrittenMemory).Session : 0;

        // Every round knows beforehand which offsets it gets, so that nothing need be decoded while it is measured.
        const int Rounds = 2000;
        var commands = new byte[Rounds * 3][];
        for (var round = 0; round < Rounds; round++)
        {
            var payload = new byte[40 + (round % 3 * 100)];
            var token = new LeaseToken((ulong)round, 1);
            var sequence = ((ulong)round * 3) + 1;
            commands[round * 3] = Replica.Encode(QueueCommand.Transact(QueueOperation.Enqueue(topic, payload)), 2, session, sequence);
            commands[(round * 3) + 1] = Replica.Encode(QueueCommand.Lease(topic, 1, 1000), 2, session, sequence + 1);
            commands[(round * 3) + 2] = Replica.Encode(QueueCommand.Transact(QueueOperation.Ack(topic, token)), 2, session, sequence + 2);
        }

        for (var i = 0; i < commands.Length / 2; i++)
        {
            Apply(commands[i]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = commands.Length / 2; i < commands.Length; i++)
        {
            Apply(commands[i]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((ulong)Rounds, machine.Stats(topic)!.Value.Acked);

        void Apply(byte[] command)
        {
            reply.ResetWrittenCount();
            machine.Apply(new LogIndex(++index), command, reply);
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Host.Consensus;

namespace Wetware.Bench.Raft;

/// <summary>Counts commands: nothing is in the way of the log.</summary>
internal sealed class CountMachine : IStateMachine
{
    private ulong _count;

    public ulong Digest => Volatile.Read(ref _count);

    public void Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply) => Volatile.Write(ref _count, _count + 1);

    public void Query(ReadOnlySpan<byte> query, IBufferWriter<byte> answer) => Snapshot(answer);

    public void Snapshot(IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), _count);
        output.Advance(sizeof(ulong));
    }

    public void Restore(in ReadOnlySequence<byte> snapshot) => _count = BinaryPrimitives.ReadUInt64LittleEndian(snapshot.ToArray());
}

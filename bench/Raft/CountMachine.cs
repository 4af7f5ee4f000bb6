using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol.Routing;

namespace Wetware.Bench.Raft;

/// <summary>Counts commands: nothing is in the way of the log.</summary>
internal sealed class CountMachine : IStateMachine
{
    private ulong _count;

    public ulong Digest => Volatile.Read(ref _count);

    public void Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply) => Volatile.Write(ref _count, _count + 1);

    public void Query(ReadOnlySpan<byte> query, IBufferWriter<byte> answer)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(answer.GetSpan(sizeof(ulong)), _count);
        answer.Advance(sizeof(ulong));
    }

    public IStateCapture Capture()
    {
        var output = new ArrayBufferWriter<byte>();
        Query(default, output);
        return new WrittenCapture(output.WrittenMemory);
    }

    public void Restore(in ReadOnlySequence<byte> snapshot) => _count = BinaryPrimitives.ReadUInt64LittleEndian(snapshot.ToArray());
}

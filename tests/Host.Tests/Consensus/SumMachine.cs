using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Host.Consensus;

namespace Wetware.Host.Tests.Consensus;

/// <summary>Adds up numbers, and replies with the sum so far.</summary>
internal sealed class SumMachine : IStateMachine
{
    private ulong _sum;

    public ulong Digest => Volatile.Read(ref _sum);

    public void Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply)
    {
        _sum += BinaryPrimitives.ReadUInt64LittleEndian(command);
        Snapshot(reply);
    }

    public void Query(ReadOnlySpan<byte> query, IBufferWriter<byte> answer) => Snapshot(answer);

    public void Snapshot(IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), _sum);
        output.Advance(8);
    }

    public void Restore(in ReadOnlySequence<byte> snapshot) => _sum = BinaryPrimitives.ReadUInt64LittleEndian(snapshot.ToArray());
}

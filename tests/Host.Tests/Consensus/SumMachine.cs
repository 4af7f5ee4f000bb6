using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol.Routing;

namespace Wetware.Host.Tests.Consensus;

/// <summary>Adds up numbers, and replies with the sum so far.</summary>
internal sealed class SumMachine : IStateMachine
{
    private ulong _sum;

    public ulong Digest => Volatile.Read(ref _sum);

    public void Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply)
    {
        _sum += BinaryPrimitives.ReadUInt64LittleEndian(command);
        Query(default, reply);
    }

    public void Query(ReadOnlySpan<byte> query, IBufferWriter<byte> answer)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(answer.GetSpan(8), _sum);
        answer.Advance(8);
    }

    public IStateCapture Capture()
    {
        var output = new ArrayBufferWriter<byte>();
        Query(default, output);
        return new WrittenCapture(output.WrittenMemory);
    }

    public void Restore(in ReadOnlySequence<byte> snapshot) => _sum = BinaryPrimitives.ReadUInt64LittleEndian(snapshot.ToArray());
}

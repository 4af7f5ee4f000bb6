using System.Buffers;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol.Routing;
using Wetware.Queue;

namespace Wetware.Host.Services.Queues;

/// <summary>The queue machine as what a Raft group replicates.</summary>
internal sealed class QueueStateMachine : IStateMachine, IDisposable
{
    private readonly QueueMachine _machine = new();

    public ulong Digest => _machine.Digest;

    public void Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply) => _machine.Apply(index, command, reply);

    public void Query(ReadOnlySpan<byte> query, IBufferWriter<byte> answer) => _machine.Query(query, answer);

    public IStateCapture Capture() => new QueueStateCapture(_machine.Capture());

    public void Dispose() => _machine.Dispose();

    public void Restore(in ReadOnlySequence<byte> snapshot)
    {
        try
        {
            _machine.Restore(snapshot);
        }
        catch (QueueSnapshotException failure)
        {
            throw new InvalidDataException(failure.Message, failure);
        }
    }
}

using System.Buffers;
using Wetware.Core;
using Wetware.Protocol.Routing;

namespace Wetware.Host.Consensus;

/// <summary>
/// What a Raft group replicates. Driven by one thread. Total: whatever the command's bytes are, every replica gives the
/// same reply and reaches the same state.
/// </summary>
internal interface IStateMachine
{
    /// <summary>A hash of the whole state; equal on every replica after the same index.</summary>
    ulong Digest { get; }

    /// <summary>Applies a committed command.</summary>
    void Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply);

    /// <summary>Answers a question about the state as it is; changes nothing.</summary>
    void Query(ReadOnlySpan<byte> query, IBufferWriter<byte> answer);

    /// <summary>Takes hold of the whole state, in a time that hardly grows with it: what it takes to write the state, it takes elsewhere. One at a time.</summary>
    IStateCapture Capture();

    /// <summary>Replaces the whole state.</summary>
    /// <exception cref="InvalidDataException">The bytes are no intact snapshot; the state is unchanged.</exception>
    void Restore(in ReadOnlySequence<byte> snapshot);
}

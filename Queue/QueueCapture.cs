using System.Buffers;
using Wetware.Core;

namespace Wetware.Queue;

/// <summary>
/// The whole replicated state of a machine as it was when <see cref="QueueMachine.Capture"/> was called. It can be written on any thread while the machine
/// goes on: the two share pages, and the machine copies those that it changes.
/// </summary>
public sealed class QueueCapture
{
    private readonly LogIndex _applied;
    private readonly ulong _digest;
    private readonly FrozenState _frozen;
    private readonly FrozenSessions _frozenSessions;
    private QueueState? _state;
    private SessionTable? _sessions;

    internal QueueCapture(LogIndex applied, ulong digest, QueueState state, SessionTable sessions)
    {
        (_applied, _digest, _state, _sessions) = (applied, digest, state, sessions);
        (_frozen, _frozenSessions) = (state.Freeze(), sessions.Freeze());
    }

    /// <summary>Writes the state as a snapshot. Not after <see cref="Release"/>.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Invariant.Check(_state is not null);
        QueueSnapshot.Save(_applied, _frozen, _frozenSessions, _digest, output);
    }

    /// <summary>Ends the sharing, on the thread that the machine belongs to, when nobody writes it any more. The machine can be captured again.</summary>
    public void Release()
    {
        Invariant.Check(_state is not null && _sessions is not null);
        _state.Release(_frozen);
        _sessions.Release();
        (_state, _sessions) = (null, null);
    }
}

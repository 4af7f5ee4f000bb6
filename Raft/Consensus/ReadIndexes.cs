using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>
/// The reads that wait for a leader's proof that it still leads, and the heartbeat rounds that prove it. Rounds are
/// numbered from 1 in each term; a read waits for the first round that starts after it came in, and a round is confirmed
/// once the highest rounds that the voters have answered say so for a quorum. Numbers are never used twice, and an answer
/// that is late, repeated or out of order can only confirm what its sender really answered.
/// </summary>
internal sealed class ReadIndexes
{
    private const int RoundsRemembered = 64;

    private readonly Queue<(NodeId From, ulong Context)> _postponed = new();
    private readonly Queue<(NodeId From, ulong Context, LogIndex Index, ulong Round)> _waiting = new();
    private readonly ulong[] _sentAt = new ulong[RoundsRemembered];
    private bool _isRoundUnsent;

    /// <summary>The last round started; 0 before the first.</summary>
    public ulong Round { get; private set; }

    /// <summary>Whether reads wait for a round to be confirmed.</summary>
    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>Whether nobody waits for anything.</summary>
    public bool IsIdle => _waiting.Count + _postponed.Count == 0;

    /// <summary>Whether a round was started whose heartbeats nobody has been given yet: later reads can share it.</summary>
    public bool IsRoundUnsent => _isRoundUnsent;

    /// <summary>Whether more reads may wait.</summary>
    public bool HasRoom => _waiting.Count + _postponed.Count < Limits.PendingReadsMax;

    /// <summary>Starts a round at that tick.</summary>
    public ulong StartRound(ulong tick)
    {
        Round++;
        _sentAt[Round % RoundsRemembered] = tick;
        _isRoundUnsent = true;
        return Round;
    }

    /// <summary>The heartbeats made so far are with the host now.</summary>
    public void Sent() => _isRoundUnsent = false;

    /// <summary>When a round was started, in ticks; false if that is forgotten.</summary>
    public bool TrySentAt(ulong round, out ulong tick)
    {
        tick = _sentAt[round % RoundsRemembered];
        return round > 0 && round <= Round && Round - round < RoundsRemembered;
    }

    /// <summary>How many reads came in while nothing of this term was committed.</summary>
    public int Postponed => _postponed.Count;

    /// <summary>A read that came in while nothing of this term is committed.</summary>
    public void Postpone(NodeId from, ulong context) => _postponed.Enqueue((from, context));

    /// <summary>The next postponed read.</summary>
    public bool TryResume(out NodeId from, out ulong context)
    {
        var found = _postponed.TryDequeue(out var read);
        (from, context) = read;
        return found;
    }

    /// <summary>A read that may be answered with <paramref name="index"/> once the current round is confirmed.</summary>
    public void Wait(NodeId from, ulong context, LogIndex index)
    {
        Invariant.Check(Round > 0);
        _waiting.Enqueue((from, context, index, Round));
    }

    /// <summary>The next read that is answered by the confirmation of <paramref name="round"/>.</summary>
    public bool TryRelease(ulong round, out NodeId from, out ulong context, out LogIndex index)
    {
        (from, context, index) = (default, 0, default);
        if (_waiting.Count == 0 || _waiting.Peek().Round > round)
        {
            return false;
        }

        (from, context, index, _) = _waiting.Dequeue();
        return true;
    }

    /// <summary>Forgets all reads and rounds: term or role have changed, and those who asked will ask again.</summary>
    public void Reset()
    {
        _postponed.Clear();
        _waiting.Clear();
        (Round, _isRoundUnsent) = (0, false);
    }
}

using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// One topic: its line of ready messages, its index by offset, its keys and its counters. Only <see cref="QueueState"/> changes it.
/// Invariant: <see cref="Ready"/>, <see cref="Delayed"/>, <see cref="Leased"/> and <see cref="Dead"/> count the live messages by state.
/// </summary>
internal sealed class Topic(int number, byte[] name, TopicOptions options)
{
    public readonly int Number = number;
    public readonly byte[] Name = name;
    public readonly TopicOptions Options = options;
    public readonly OffsetIndex Index = new();
    public readonly KeySet? Keys = options.Dedupe ? new KeySet() : null;

    public int ReadyHead;
    public int ReadyTail;
    public ulong NextOffset;

    /// <summary>The place in line that the next ready message gets; counts from 1.</summary>
    public ulong NextOrder = 1;

    public ulong Ready;
    public ulong Delayed;
    public ulong Leased;
    public ulong Dead;
    public ulong Acked;
    public ulong Dropped;
    public ulong Duplicates;
    public ulong Refused;
    public ulong Expired;
    public ulong Nacked;

    /// <summary>What the transaction <see cref="PendingStamp"/> would add and take away; local, not replicated.</summary>
    public ulong PendingStamp;
    public ulong PendingAdded;
    public ulong PendingRemoved;

    public bool Dirty;
    private ulong _hash;

    // Offsets are given to accepted messages and to nothing else.
    public ulong Accepted => NextOffset;

    public ulong Live => Ready + Delayed + Leased + Dead;

    public ulong MessagesMax => Options.MessagesMax == 0 ? QueueLimits.MessagesMax : Options.MessagesMax;

    public TopicStats Stats => new()
    {
        Ready = Ready,
        Delayed = Delayed,
        Leased = Leased,
        Dead = Dead,
        Accepted = Accepted,
        Acked = Acked,
        Dropped = Dropped,
        Duplicates = Duplicates,
        Refused = Refused,
        Expired = Expired,
        Nacked = Nacked,
    };

    public ref ulong CountOf(MessageState state)
    {
        switch (state)
        {
            case MessageState.Ready: return ref Ready;
            case MessageState.Delayed: return ref Delayed;
            case MessageState.Leased: return ref Leased;
            default:
                Core.Invariant.Check(state == MessageState.Dead);
                return ref Dead;
        }
    }

    /// <summary>Nobody reads what was frozen of it any more.</summary>
    public void Release()
    {
        Keys?.Release();
        Index.Release();
    }

    /// <summary>Brings the topic's part of the digest up to date; returns by how much the digest moves.</summary>
    public ulong Seal()
    {
        var hash = StateHash.Mix(StateHash.Of(Name) ^ (ulong)Number, Options.AcceptedMax);
        hash = StateHash.Mix(hash ^ Options.MessagesMax, ((ulong)Options.AttemptsMax << 1) | (Options.Dedupe ? 1UL : 0));
        hash = StateHash.Mix(hash ^ NextOffset, NextOrder);
        hash = StateHash.Mix(hash ^ Acked, Dropped);
        hash = StateHash.Mix(hash ^ Duplicates, Refused);
        hash = StateHash.Mix(hash ^ Expired, Nacked);
        hash = StateHash.Mix(hash, Keys?.HashSum ?? 0);
        var moved = hash - _hash;
        _hash = hash;
        Dirty = false;
        return moved;
    }
}

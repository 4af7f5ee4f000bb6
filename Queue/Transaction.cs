using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// All or nothing over several topics, in two passes over the same operations: first every Check, then
/// <see cref="CheckRoom"/>, then, only if all were Ok, every move in the same order. Nothing changes before the second pass.
/// </summary>
internal sealed class Transaction(QueueState state)
{
    private readonly List<Topic> _touched = [];
    private UInt128[] _keys = new UInt128[64];
    private int _keyCount;
    private int _keyNext;
    private ulong _stamp;
    private long _added;
    private long _removed;
    private long _bytesAdded;
    private long _bytesRemoved;

    public void Begin()
    {
        _stamp++;
        _touched.Clear();
        _keyCount = 0;
        _keyNext = 0;
        _added = 0;
        _removed = 0;
        _bytesAdded = 0;
        _bytesRemoved = 0;
    }

    public QueueStatus CheckEnqueue(TopicId id, bool hasKey, ReadOnlySpan<byte> key, int payloadLength, ulong delay)
    {
        if (payloadLength > QueueLimits.PayloadBytesMax || key.Length > QueueLimits.KeyBytesMax || delay > QueueLimits.DelayMillisecondsMax)
        {
            return QueueStatus.Malformed;
        }

        if (state.Find(id) is not { } topic)
        {
            return QueueStatus.TopicUnknown;
        }

        if (hasKey != topic.Options.Dedupe)
        {
            return QueueStatus.KeyMismatch;
        }

        var known = hasKey && topic.Keys!.Contains(Remember(KeySet.Fingerprint(key)));
        Touch(topic);
        if (!known && !LimitReached(topic))
        {
            topic.PendingAdded++;
            _added++;
            _bytesAdded += payloadLength;
        }

        return QueueStatus.Ok;
    }

    /// <summary>For an ack, which will free the message's room.</summary>
    public QueueStatus CheckAck(TopicId id, LeaseToken token) => CheckLease(id, token, leaves: true);

    /// <summary>For a nack or an extension, with its delay or visibility.</summary>
    public QueueStatus CheckKeep(TopicId id, LeaseToken token, ulong milliseconds) =>
        milliseconds > QueueLimits.DelayMillisecondsMax ? QueueStatus.Malformed : CheckLease(id, token, leaves: false);

    /// <summary>For a revival or a drop.</summary>
    public QueueStatus CheckDead(TopicId id, ulong offset, bool leaves)
    {
        if (state.Find(id) is not { } topic)
        {
            return QueueStatus.TopicUnknown;
        }

        var slot = topic.Index.Find(offset);
        return slot == 0 || state.Messages[slot].State != MessageState.Dead ? QueueStatus.NotDead : Claim(topic, slot, leaves);
    }

    /// <summary>Whether everything that the operations would add finds room, counting what they take away.</summary>
    public QueueStatus CheckRoom()
    {
        if (state.Messages.Count - _removed + _added > QueueLimits.MessagesMax
            || state.Payloads.BytesUsed - _bytesRemoved + _bytesAdded > QueueLimits.PayloadBytesTotalMax)
        {
            return _added > 0 ? QueueStatus.Full : QueueStatus.Ok;
        }

        foreach (var topic in _touched)
        {
            if (topic.PendingAdded > 0 && !HasRoom(topic))
            {
                return QueueStatus.Full;
            }
        }

        return QueueStatus.Ok;
    }

    public OperationOutcome Enqueue(TopicId id, ReadOnlySpan<byte> payload, ulong delay, out ulong offset)
    {
        var topic = state.Find(id)!;
        offset = 0;
        var key = topic.Keys is null ? UInt128.Zero : _keys[_keyNext++];
        if (topic.Keys is not null && topic.Keys.Contains(key))
        {
            topic.Duplicates++;
            state.Touch(topic);
            return OperationOutcome.Duplicate;
        }

        if (LimitReached(topic))
        {
            topic.Refused++;
            state.Touch(topic);
            return OperationOutcome.LimitReached;
        }

        topic.Keys?.Add(key);
        offset = state.Enqueue(topic, payload, delay);
        return OperationOutcome.Done;
    }

    public void Ack(TopicId id, LeaseToken token)
    {
        var topic = state.Find(id)!;
        state.Ack(topic, topic.Index.Find(token.Offset));
    }

    public void Nack(TopicId id, LeaseToken token, ulong delay, bool givesBack)
    {
        var topic = state.Find(id)!;
        state.Nack(topic, topic.Index.Find(token.Offset), delay, givesBack);
    }

    public void Extend(TopicId id, LeaseToken token, ulong visibility)
    {
        var topic = state.Find(id)!;
        state.Extend(topic, topic.Index.Find(token.Offset), visibility);
    }

    public void Revive(TopicId id, ulong offset)
    {
        var topic = state.Find(id)!;
        state.Revive(topic, topic.Index.Find(offset));
    }

    public void Drop(TopicId id, ulong offset)
    {
        var topic = state.Find(id)!;
        state.Drop(topic, topic.Index.Find(offset));
    }

    private static bool LimitReached(Topic topic) =>
        topic.Options.AcceptedMax > 0 && topic.Accepted >= topic.Options.AcceptedMax;

    private static bool HasRoom(Topic topic)
    {
        var live = topic.Live - topic.PendingRemoved + topic.PendingAdded;
        var keys = (ulong)(topic.Keys?.Count ?? 0) + topic.PendingAdded;
        var span = topic.NextOffset + topic.PendingAdded - topic.Index.Oldest(topic.NextOffset);
        return live <= topic.MessagesMax
            && (topic.Keys is null || keys <= QueueLimits.KeysMax)
            && span <= QueueLimits.OffsetSpanMax;
    }

    private QueueStatus CheckLease(TopicId id, LeaseToken token, bool leaves)
    {
        if (state.Find(id) is not { } topic)
        {
            return QueueStatus.TopicUnknown;
        }

        var slot = topic.Index.Find(token.Offset);
        if (slot == 0)
        {
            return QueueStatus.LeaseLost;
        }

        ref readonly var message = ref state.Messages[slot];
        return message.State != MessageState.Leased || message.Lease != token.Lease
            ? QueueStatus.LeaseLost
            : Claim(topic, slot, leaves);
    }

    private QueueStatus Claim(Topic topic, int slot, bool leaves)
    {
        ref var message = ref state.Messages[slot];
        if (message.Claim == _stamp)
        {
            return QueueStatus.Conflict;
        }

        message.Claim = _stamp;
        Touch(topic);
        if (leaves)
        {
            topic.PendingRemoved++;
            _removed++;
            _bytesRemoved += message.Payload.Length;
        }

        return QueueStatus.Ok;
    }

    private void Touch(Topic topic)
    {
        if (topic.PendingStamp != _stamp)
        {
            topic.PendingStamp = _stamp;
            topic.PendingAdded = 0;
            topic.PendingRemoved = 0;
            _touched.Add(topic);
        }
    }

    private UInt128 Remember(UInt128 key)
    {
        if (_keyCount == _keys.Length)
        {
            Array.Resize(ref _keys, _keyCount * 2);
        }

        Invariant.Check(_keyCount < QueueLimits.OperationsMax);
        return _keys[_keyCount++] = key;
    }
}

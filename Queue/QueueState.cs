using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// The topics and their messages, and the moves that a message may make between states. Knows no command, session or
/// encoding. Everything here follows from the order of calls and the times they carry.
/// </summary>
internal sealed class QueueState
{
    public readonly MessageStore Messages = new();
    public readonly Arena Payloads = new();
    private readonly List<Topic> _topics = [];
    private readonly List<Topic> _dirty = [];
    private ulong _topicHash;

    public QueueState() => Timers = new TimerHeap(Messages);

    public TimerHeap Timers { get; }

    /// <summary>The replicated clock in Unix milliseconds: the latest moment that any command claimed.</summary>
    public ulong Clock { get; private set; }

    public IReadOnlyList<Topic> Topics => _topics;

    /// <summary>The digest of all topics and messages.</summary>
    public ulong Digest
    {
        get
        {
            Invariant.Check(_dirty.Count == 0);
            return StateHash.Mix(Clock, Messages.HashSum) + _topicHash;
        }
    }

    /// <summary>Moves the clock on, never back, and everything that is due with it.</summary>
    public void Advance(ulong milliseconds)
    {
        if (milliseconds <= Clock)
        {
            return;
        }

        Invariant.Check(milliseconds <= QueueLimits.TimeMillisecondsMax);
        Clock = milliseconds;
        while (Timers.Count > 0 && Messages[Timers.First].At <= Clock)
        {
            Due(Timers.First);
        }
    }

    /// <summary>Folds every change into the digest; called at the end of each command.</summary>
    public void Seal()
    {
        foreach (var topic in _dirty)
        {
            _topicHash += topic.Seal();
        }

        _dirty.Clear();
    }

    public Topic? Find(TopicId id) => id.Value is 0 || id.Value > (uint)_topics.Count ? null : _topics[(int)id.Value - 1];

    public Topic? Find(ReadOnlySpan<byte> name)
    {
        foreach (var topic in _topics)
        {
            if (topic.Name.AsSpan().SequenceEqual(name))
            {
                return topic;
            }
        }

        return null;
    }

    public Topic AddTopic(ReadOnlySpan<byte> name, in TopicOptions options)
    {
        Invariant.Check(_topics.Count < QueueLimits.TopicsMax && Find(name) is null);
        var topic = new Topic(_topics.Count + 1, name.ToArray(), options);
        _topics.Add(topic);
        Touch(topic);
        return topic;
    }

    /// <summary>Adds a message at the topic's next offset.</summary>
    public ulong Enqueue(Topic topic, ReadOnlySpan<byte> payload, ulong delay)
    {
        var offset = topic.NextOffset++;
        var slot = Messages.Add();
        ref var message = ref Messages[slot];
        message.Topic = topic.Number;
        message.Offset = offset;
        message.Payload = Payloads.Store(payload);
        message.PayloadHash = StateHash.Of(payload);
        topic.Index.Add(offset, slot);
        Queue(topic, slot, delay);
        return offset;
    }

    /// <summary>Hands out the first message in line, if there is one that fits.</summary>
    public int LeaseNext(Topic topic, ulong visibility)
    {
        var slot = topic.ReadyHead;
        Invariant.Check(slot != 0);
        ref var message = ref Messages[slot];
        topic.ReadyHead = message.Next;
        if (topic.ReadyHead == 0)
        {
            topic.ReadyTail = 0;
        }

        message.Next = 0;
        message.Order = 0;
        message.Lease++;
        message.Attempts++;
        message.At = Clock + visibility;
        Become(topic, ref message, MessageState.Leased);
        Timers.Add(slot);
        return slot;
    }

    public void Extend(Topic topic, int slot, ulong visibility)
    {
        ref var message = ref Messages[slot];
        Invariant.Check(message.State == MessageState.Leased);
        message.At = Clock + visibility;
        Timers.Update(slot);
        Messages.Seal(ref message);
        Touch(topic);
    }

    /// <summary>The work is done: the message leaves.</summary>
    public void Ack(Topic topic, int slot)
    {
        Invariant.Check(Messages[slot].State == MessageState.Leased);
        Timers.Remove(slot);
        topic.Acked++;
        Remove(topic, slot);
    }

    /// <summary>The lease is handed back. A lease that gives back its attempt does not count towards the limit.</summary>
    public void Nack(Topic topic, int slot, ulong delay, bool givesBack)
    {
        ref var message = ref Messages[slot];
        Invariant.Check(message.State == MessageState.Leased && message.Attempts > 0);
        Timers.Remove(slot);
        topic.Nacked++;
        if (givesBack)
        {
            message.Attempts--;
        }

        EndLease(topic, slot, delay);
    }

    /// <summary>A dead message gets all its attempts again.</summary>
    public void Revive(Topic topic, int slot)
    {
        Invariant.Check(Messages[slot].State == MessageState.Dead);
        Messages[slot].Attempts = 0;
        Queue(topic, slot, delay: 0);
    }

    /// <summary>A dead message leaves.</summary>
    public void Drop(Topic topic, int slot)
    {
        Invariant.Check(Messages[slot].State == MessageState.Dead);
        topic.Dropped++;
        Remove(topic, slot);
    }

    /// <summary>Sets the clock of a state that is being restored.</summary>
    public void RestoreClock(ulong milliseconds) => Clock = milliseconds;

    /// <summary>
    /// Puts back a message as a snapshot has it, but for its place in line. The caller has checked the fields against one another.
    /// </summary>
    public int RestoreMessage(Topic topic, in Message saved, ReadOnlySpan<byte> payload)
    {
        var slot = Messages.Add();
        ref var message = ref Messages[slot];
        message.Topic = topic.Number;
        message.Offset = saved.Offset;
        message.Order = saved.Order;
        message.At = saved.At;
        message.Lease = saved.Lease;
        message.Attempts = saved.Attempts;
        message.Payload = Payloads.Store(payload);
        message.PayloadHash = StateHash.Of(payload);
        topic.Index.Add(saved.Offset, slot);
        Become(topic, ref message, saved.State);
        if (saved.State is MessageState.Leased or MessageState.Delayed)
        {
            Timers.Add(slot);
        }

        return slot;
    }

    /// <summary>Puts a restored ready message at the end of the line.</summary>
    public void RestoreReady(Topic topic, int slot)
    {
        Invariant.Check(Messages[slot].State == MessageState.Ready);
        Append(topic, slot);
    }

    /// <summary>What there is now, to be read on any thread until it is released. One at a time.</summary>
    public FrozenState Freeze() => new(Clock, [.. _topics.Select(topic => new FrozenTopic(topic))], Messages.Freeze(), Payloads.Freeze());

    /// <summary>Nobody reads what was frozen any more.</summary>
    public void Release(FrozenState frozen)
    {
        Messages.Release();
        Payloads.Release();
        // Topics are only ever added, and those that are younger were not frozen.
        for (var i = 0; i < frozen.Topics.Length; i++)
        {
            _topics[i].Release();
        }
    }

    public void Touch(Topic topic)
    {
        if (!topic.Dirty)
        {
            topic.Dirty = true;
            _dirty.Add(topic);
        }
    }

    private void Due(int slot)
    {
        var topic = _topics[Messages[slot].Topic - 1];
        Timers.Remove(slot);
        if (Messages[slot].State == MessageState.Delayed)
        {
            Queue(topic, slot, delay: 0);
            return;
        }

        Invariant.Check(Messages[slot].State == MessageState.Leased);
        topic.Expired++;
        EndLease(topic, slot, delay: 0);
    }

    private void EndLease(Topic topic, int slot, ulong delay)
    {
        ref var message = ref Messages[slot];
        if (topic.Options.AttemptsMax > 0 && message.Attempts >= topic.Options.AttemptsMax)
        {
            message.At = 0;
            Become(topic, ref message, MessageState.Dead);
        }
        else
        {
            Queue(topic, slot, delay);
        }
    }

    /// <summary>Puts a message that stands nowhere at the end of the line, now or later.</summary>
    private void Queue(Topic topic, int slot, ulong delay)
    {
        ref var message = ref Messages[slot];
        if (delay > 0)
        {
            message.At = Clock + delay;
            Become(topic, ref message, MessageState.Delayed);
            Timers.Add(slot);
            return;
        }

        message.At = 0;
        message.Order = topic.NextOrder++;
        Become(topic, ref message, MessageState.Ready);
        Append(topic, slot);
    }

    private void Append(Topic topic, int slot)
    {
        if (topic.ReadyTail == 0)
        {
            topic.ReadyHead = slot;
        }
        else
        {
            Messages[topic.ReadyTail].Next = slot;
        }

        topic.ReadyTail = slot;
    }

    private void Become(Topic topic, ref Message message, MessageState state)
    {
        if (message.State != MessageState.None)
        {
            topic.CountOf(message.State)--;
        }

        topic.CountOf(state)++;
        message.State = state;
        Messages.Seal(ref message);
        Touch(topic);
    }

    private void Remove(Topic topic, int slot)
    {
        ref var message = ref Messages[slot];
        topic.CountOf(message.State)--;
        topic.Index.Remove(message.Offset);
        Payloads.Free(message.Payload);
        Messages.Remove(slot);
        Touch(topic);
    }
}

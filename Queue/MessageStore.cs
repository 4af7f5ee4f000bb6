using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// The slots of all live messages, reused through a free list. Slot 0 is nobody, so that a zero means none wherever slots
/// are kept. Which slot a message has is no part of the replicated state.
/// Invariant: <see cref="HashSum"/> is the sum of the hashes of all live messages.
/// </summary>
internal sealed class MessageStore
{
    private readonly PagedArray<Message> _slots = new(PagedArray<Message>.PageLength);
    private int _used = 1;
    private int _free;

    public int Count { get; private set; }

    public ulong HashSum { get; private set; }

    /// <summary>To read and to change. Valid until the next freeze.</summary>
    public ref Message this[int slot] => ref _slots.Own(slot);

    /// <summary>A cleared slot.</summary>
    public int Add()
    {
        Invariant.Check(Count < QueueLimits.MessagesMax);
        var slot = _free;
        if (slot != 0)
        {
            _free = _slots[slot].Next;
        }
        else
        {
            slot = _used++;
            if (slot == _slots.Length)
            {
                _slots.Grow(_slots.Length * 2);
            }
        }

        _slots.Own(slot) = default;
        Count++;
        return slot;
    }

    public void Remove(int slot)
    {
        ref var message = ref _slots.Own(slot);
        Invariant.Check(message.State != MessageState.None);
        HashSum -= message.Hash;
        message = default;
        message.Next = _free;
        _free = slot;
        Count--;
    }

    /// <summary>A copy of all slots as they are now, to be read until <see cref="Release"/>.</summary>
    public PagedArray<Message> Freeze() => _slots.Freeze();

    public void Release() => _slots.Release();

    /// <summary>Brings the digest up to date after a message changed.</summary>
    public void Seal(ref Message message)
    {
        var hash = message.ComputeHash();
        HashSum += hash - message.Hash;
        message.Hash = hash;
    }
}

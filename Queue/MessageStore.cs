using Wetware.Core;

namespace Wetware.Queue;

/// <summary>
/// The slots of all live messages, reused through a free list. Slot 0 is nobody, so that a zero means none wherever slots
/// are kept. Which slot a message has is no part of the replicated state.
/// Invariant: <see cref="HashSum"/> is the sum of the hashes of all live messages.
/// </summary>
internal sealed class MessageStore
{
    private const int CapacityFirst = 256;

    private Message[] _slots = new Message[CapacityFirst];
    private int _used = 1;
    private int _free;

    public int Count { get; private set; }

    public ulong HashSum { get; private set; }

    public ref Message this[int slot] => ref _slots[slot];

    /// <summary>A cleared slot. References into the store are stale after this call.</summary>
    public int Add()
    {
        Invariant.Check(Count < Limits.MessagesMax);
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
                Array.Resize(ref _slots, _slots.Length * 2);
            }
        }

        _slots[slot] = default;
        Count++;
        return slot;
    }

    public void Remove(int slot)
    {
        ref var message = ref _slots[slot];
        Invariant.Check(message.State != MessageState.None);
        HashSum -= message.Hash;
        message = default;
        message.Next = _free;
        _free = slot;
        Count--;
    }

    /// <summary>Brings the digest up to date after a message changed.</summary>
    public void Seal(ref Message message)
    {
        var hash = message.ComputeHash();
        HashSum += hash - message.Hash;
        message.Hash = hash;
    }
}

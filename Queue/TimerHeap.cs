using Wetware.Core;

namespace Wetware.Queue;

/// <summary>
/// The leased and delayed messages of all topics, earliest first; equal times go by topic and offset, so that the order of
/// expiry is the same on every replica whatever slots the messages have.
/// Invariant: each slot in the heap knows its place.
/// </summary>
internal sealed class TimerHeap(MessageStore messages)
{
    private int[] _slots = new int[256];

    public int Count { get; private set; }

    /// <summary>The slot that is due first; there must be one.</summary>
    public int First
    {
        get
        {
            Invariant.Check(Count > 0);
            return _slots[0];
        }
    }

    public void Add(int slot)
    {
        if (Count == _slots.Length)
        {
            Array.Resize(ref _slots, Count * 2);
        }

        Count++;
        Rise(Count - 1, slot);
    }

    public void Remove(int slot)
    {
        var place = messages[slot].HeapPlace;
        Invariant.Check(place < Count && _slots[place] == slot);
        Count--;
        var last = _slots[Count];
        if (place != Count)
        {
            Move(place, last);
        }
    }

    /// <summary>Restores the order after the slot's time changed.</summary>
    public void Update(int slot)
    {
        var place = messages[slot].HeapPlace;
        Invariant.Check(place < Count && _slots[place] == slot);
        Move(place, slot);
    }

    private void Move(int place, int slot)
    {
        if (place > 0 && Before(slot, _slots[(place - 1) / 2]))
        {
            Rise(place, slot);
        }
        else
        {
            Sink(place, slot);
        }
    }

    private void Rise(int place, int slot)
    {
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!Before(slot, _slots[parent]))
            {
                break;
            }

            Put(place, _slots[parent]);
            place = parent;
        }

        Put(place, slot);
    }

    private void Sink(int place, int slot)
    {
        while (true)
        {
            var child = (place * 2) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && Before(_slots[child + 1], _slots[child]))
            {
                child++;
            }

            if (!Before(_slots[child], slot))
            {
                break;
            }

            Put(place, _slots[child]);
            place = child;
        }

        Put(place, slot);
    }

    private void Put(int place, int slot)
    {
        _slots[place] = slot;
        messages[slot].HeapPlace = place;
    }

    private bool Before(int left, int right)
    {
        ref readonly var a = ref messages[left];
        ref readonly var b = ref messages[right];
        if (a.At != b.At)
        {
            return a.At < b.At;
        }

        return a.Topic != b.Topic ? a.Topic < b.Topic : a.Offset < b.Offset;
    }
}

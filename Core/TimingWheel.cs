using System.Numerics;

namespace Wetware.Core;

/// <summary>
/// Deadlines of things that are numbered from zero, in a hierarchy of wheels (Varghese and Lauck 1987, scheme 7): setting, moving
/// and cancelling one costs the same however many there are, and so does each that falls due. Time is a tick count that the
/// owner advances. A deadline that is moved later is only noted; the wheel looks again when the earlier one comes.
/// Invariant: every id is in at most one slot, and its slot is not later than its deadline.
/// </summary>
public sealed class TimingWheel
{
    private const int SlotBits = 6;
    private const int Slots = 1 << SlotBits;
    private const int Levels = 8;
    private const int Nothing = -1;

    private readonly int[] _heads = new int[Levels * Slots];
    private readonly ulong[] _occupied = new ulong[Levels];
    private Link[] _links = [];
    private int _due = Nothing;
    private ulong _now;

    /// <summary>An empty wheel at tick <paramref name="now"/>.</summary>
    public TimingWheel(ulong now = 0)
    {
        _now = now;
        _heads.AsSpan().Fill(Nothing);
    }

    /// <summary>The tick that was last advanced to.</summary>
    public ulong Now => _now;

    /// <summary>How many ids have a deadline.</summary>
    public int Count { get; private set; }

    /// <summary>Whether <paramref name="id"/> has a deadline.</summary>
    public bool IsSet(int id) => (uint)id < (uint)_links.Length && _links[id].Slot != Nothing;

    /// <summary>The deadline of an id that has one.</summary>
    public ulong Deadline(int id)
    {
        Invariant.Check(IsSet(id));
        return _links[id].Deadline;
    }

    /// <summary>Gives <paramref name="id"/> a deadline, in place of one it may have. One that has passed falls due at once.</summary>
    public void Set(int id, ulong deadline)
    {
        Invariant.Check(id >= 0);
        if (id >= _links.Length)
        {
            Grow(id);
        }

        ref var link = ref _links[id];
        if (link.Slot == Nothing)
        {
            link.Deadline = deadline;
            Insert(id, ref link);
            Count++;
            return;
        }

        var earlier = deadline < link.Deadline;
        link.Deadline = deadline;
        if (earlier || link.Slot == DueSlot)
        {
            Unlink(ref link);
            Insert(id, ref link);
        }
    }

    /// <summary>Takes the deadline of <paramref name="id"/> away; false if it had none.</summary>
    public bool Cancel(int id)
    {
        if (!IsSet(id))
        {
            return false;
        }

        ref var link = ref _links[id];
        Unlink(ref link);
        link.Slot = Nothing;
        Count--;
        return true;
    }

    /// <summary>
    /// Moves time to <paramref name="now"/> (never back) and takes one id whose deadline is not after it; call until it returns false.
    /// Ids that fall due in the same call come in no particular order.
    /// </summary>
    public bool TryExpire(ulong now, out int id)
    {
        while (true)
        {
            if (_due != Nothing)
            {
                id = _due;
                Cancel(id);
                return true;
            }

            if (!Step(now))
            {
                id = Nothing;
                return false;
            }
        }
    }

    private const int DueSlot = Levels * Slots;

    /// <summary>Moves to the next slot that holds anything, or to <paramref name="now"/>; false once there.</summary>
    private bool Step(ulong now)
    {
        if (now <= _now)
        {
            return false;
        }

        if (Count == 0)
        {
            _now = now;
            return false;
        }

        var (level, start) = NextSlot();
        if (start > now)
        {
            _now = now;
            return false;
        }

        _now = Math.Max(_now, start);
        Empty((level * Slots) + (int)((start >> (level * SlotBits)) & (Slots - 1)));
        return true;
    }

    /// <summary>The occupied slot that begins first, and the tick at which it does.</summary>
    private (int Level, ulong Start) NextSlot()
    {
        var best = (Level: 0, Start: ulong.MaxValue);
        for (var level = 0; level < Levels; level++)
        {
            if (_occupied[level] == 0)
            {
                continue;
            }

            var shift = level * SlotBits;
            var current = _now >> shift;
            // Rotate so that bit zero is the current slot: the first set bit is how many slots ahead the next is.
            var ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupied[level], (int)(current & (Slots - 1))));
            var start = (current + (ulong)ahead) << shift;
            if (start < best.Start)
            {
                best = (level, start);
            }
        }

        return best;
    }

    /// <summary>Puts everything in a slot where it belongs now: lower, due, or further on if its deadline was moved.</summary>
    private void Empty(int slot)
    {
        var id = _heads[slot];
        _heads[slot] = Nothing;
        _occupied[slot / Slots] &= ~(1UL << (slot % Slots));
        while (id != Nothing)
        {
            ref var link = ref _links[id];
            var next = link.Next;
            Insert(id, ref link);
            id = next;
        }
    }

    private void Insert(int id, ref Link link)
    {
        if (link.Deadline <= _now)
        {
            link.Slot = DueSlot;
            Push(id, ref link, ref _due);
            return;
        }

        // The level is that of the highest digit in which the deadline differs from now, so that the digit is ahead of now's.
        var level = Math.Min((63 - BitOperations.LeadingZeroCount(link.Deadline ^ _now)) / SlotBits, Levels - 1);
        var shift = level * SlotBits;
        var ahead = Math.Min((link.Deadline >> shift) - (_now >> shift), Slots - 1);
        var digit = (int)(((_now >> shift) + ahead) & (Slots - 1));
        link.Slot = (level * Slots) + digit;
        _occupied[level] |= 1UL << digit;
        Push(id, ref link, ref _heads[link.Slot]);
    }

    private void Push(int id, ref Link link, ref int head)
    {
        link.Previous = Nothing;
        link.Next = head;
        if (head != Nothing)
        {
            _links[head].Previous = id;
        }

        head = id;
    }

    private void Unlink(ref Link link)
    {
        if (link.Next != Nothing)
        {
            _links[link.Next].Previous = link.Previous;
        }

        if (link.Previous != Nothing)
        {
            _links[link.Previous].Next = link.Next;
        }
        else if (link.Slot == DueSlot)
        {
            _due = link.Next;
        }
        else
        {
            _heads[link.Slot] = link.Next;
            if (link.Next == Nothing)
            {
                _occupied[link.Slot / Slots] &= ~(1UL << (link.Slot % Slots));
            }
        }
    }

    private void Grow(int id)
    {
        var before = _links.Length;
        Array.Resize(ref _links, Math.Max(id + 1, Math.Max(16, before * 2)));
        for (var i = before; i < _links.Length; i++)
        {
            _links[i].Slot = Nothing;
        }
    }

    private struct Link
    {
        internal ulong Deadline;
        internal int Next;
        internal int Previous;
        internal int Slot;
    }
}

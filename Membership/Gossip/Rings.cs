using Wetware.Core;

namespace Wetware.Membership.Gossip;

/// <summary>
/// Every member has a place in each of a few rings, by a hash of its name, so that all who have the same view agree, without a word,
/// on who observes whom: in each ring a member is observed by the one before it. Rings of independent hashes make a graph in which
/// everybody is a few steps away and which the loss of many members does not cut (Singh and others, "Rapid", 2018, section 4.1).
/// </summary>
internal sealed class Rings
{
    private readonly ulong _self;
    private readonly ulong[] _after;
    private readonly ulong[] _before;
    private readonly List<ulong> _neighbours = [];
    private readonly List<ulong> _subjects = [];

    internal Rings(ulong self, int count)
    {
        _self = self;
        _after = new ulong[count];
        _before = new ulong[count];
        _after.AsSpan().Fill(self);
        _before.AsSpan().Fill(self);
    }

    /// <summary>The members next to this one in any ring, each once: those it hands news to.</summary>
    internal List<ulong> Neighbours => _neighbours;

    /// <summary>The members after this one in any ring, each once: those it observes.</summary>
    internal List<ulong> Subjects => _subjects;

    /// <summary>Takes in a new member; true if it is next to this one.</summary>
    internal bool Add(ulong tail)
    {
        var changed = false;
        for (var ring = 0; ring < _after.Length; ring++)
        {
            var distance = Distance(ring, _self, tail);
            if (_after[ring] == _self || distance < Distance(ring, _self, _after[ring]))
            {
                _after[ring] = tail;
                changed = true;
            }

            if (_before[ring] == _self || Distance(ring, tail, _self) < Distance(ring, _before[ring], _self))
            {
                _before[ring] = tail;
                changed = true;
            }
        }

        return changed && Refresh();
    }

    /// <summary>Takes out a member that is no longer in <paramref name="view"/>; true if it was next to this one.</summary>
    internal bool Remove(ulong tail, MemberView view)
    {
        var changed = false;
        for (var ring = 0; ring < _after.Length; ring++)
        {
            if (_after[ring] == tail || _before[ring] == tail)
            {
                _after[ring] = After(ring, _self, view);
                _before[ring] = Before(ring, _self, view);
                changed = true;
            }
        }

        return changed && Refresh();
    }

    /// <summary>The members of <paramref name="view"/> that observe <paramref name="subject"/>, each once.</summary>
    internal void Observers(ulong subject, MemberView view, List<ulong> observers)
    {
        observers.Clear();
        for (var ring = 0; ring < _before.Length; ring++)
        {
            var before = Before(ring, subject, view);
            if (before != subject && !observers.Contains(before))
            {
                observers.Add(before);
            }
        }
    }

    /// <summary>How far one has to go round a ring from one member to reach another.</summary>
    private static ulong Distance(int ring, ulong from, ulong to) => Place(ring, to) - Place(ring, from);

    private static ulong Place(int ring, ulong tail) => SignedRecord.Mix(tail ^ (((ulong)ring + 1) * 0xD1B54A32D192ED03));

    private static ulong After(int ring, ulong of, MemberView view)
    {
        var (best, least) = (of, ulong.MaxValue);
        for (var i = 0; i < view.Count; i++)
        {
            var tail = view[i].Tail;
            var distance = Distance(ring, of, tail);
            if (tail != of && distance <= least)
            {
                (best, least) = (tail, distance);
            }
        }

        return best;
    }

    private static ulong Before(int ring, ulong of, MemberView view)
    {
        var (best, least) = (of, ulong.MaxValue);
        for (var i = 0; i < view.Count; i++)
        {
            var tail = view[i].Tail;
            var distance = Distance(ring, tail, of);
            if (tail != of && distance <= least)
            {
                (best, least) = (tail, distance);
            }
        }

        return best;
    }

    private bool Refresh()
    {
        _neighbours.Clear();
        _subjects.Clear();
        for (var ring = 0; ring < _after.Length; ring++)
        {
            AddOnce(_subjects, _after[ring]);
            AddOnce(_neighbours, _after[ring]);
            AddOnce(_neighbours, _before[ring]);
        }

        return true;
    }

    private void AddOnce(List<ulong> list, ulong tail)
    {
        if (tail != _self && !list.Contains(tail))
        {
            list.Add(tail);
        }
    }
}

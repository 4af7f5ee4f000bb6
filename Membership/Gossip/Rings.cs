using System.Runtime.InteropServices;

namespace Wetware.Membership.Gossip;

/// <summary>
/// Every member has a place in each of a few rings, by a hash of its name, so that all who have the same view agree, without a word,
/// on who observes whom: in each ring a member is observed by the one before it. Rings of independent hashes make a graph in which
/// everybody is a few steps away and which the loss of many members does not cut (Singh and others, "Rapid", 2018, section 4.1).
/// In a small view the rings often agree on who is before a member; there one that observes it already is passed over, so that it has
/// as many observers as rings, or all there are.
/// </summary>
internal sealed class Rings
{
    /// <summary>In a larger view one of n members has a single observer once in n squared, too rarely to search it all for others.</summary>
    private const int SmallMax = 64;

    private readonly ulong _self;
    private readonly MemberView _view;
    private readonly ulong[] _after;
    private readonly ulong[] _before;
    private readonly List<ulong> _neighbours = [];
    private readonly List<ulong> _subjects = [];
    private readonly List<ulong> _observers = [];

    internal Rings(ulong self, int count, MemberView view)
    {
        _self = self;
        _view = view;
        _after = new ulong[count];
        _before = new ulong[count];
        _after.AsSpan().Fill(self);
        _before.AsSpan().Fill(self);
    }

    /// <summary>The members next to this one in any ring, each once: those it hands news to.</summary>
    internal List<ulong> Neighbours => _neighbours;

    /// <summary>The members that this one observes, each once.</summary>
    internal List<ulong> Subjects => _subjects;

    /// <summary>Takes in a member that is new in the view.</summary>
    internal void Add(ulong tail)
    {
        // One more than a small view: the last that counts all observers.
        var changed = _view.Count <= SmallMax + 1;
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

        if (changed)
        {
            Refresh();
        }
    }

    /// <summary>Takes out a member that is no longer in the view.</summary>
    internal void Remove(ulong tail)
    {
        var changed = IsSmall;
        for (var ring = 0; ring < _after.Length; ring++)
        {
            if (_after[ring] == tail || _before[ring] == tail)
            {
                _after[ring] = After(ring, _self);
                _before[ring] = Before(ring, _self, []);
                changed = true;
            }
        }

        if (changed)
        {
            Refresh();
        }
    }

    /// <summary>The members that observe <paramref name="subject"/>, each once.</summary>
    internal void Observers(ulong subject, List<ulong> observers)
    {
        observers.Clear();
        for (var ring = 0; ring < _before.Length; ring++)
        {
            var before = Before(ring, subject, IsSmall ? CollectionsMarshal.AsSpan(observers) : []);
            if (before != subject && !observers.Contains(before))
            {
                observers.Add(before);
            }
        }
    }

    private bool IsSmall => _view.Count <= SmallMax;

    /// <summary>How far one has to go round a ring from one member to reach another.</summary>
    private static ulong Distance(int ring, ulong from, ulong to) => Place(ring, to) - Place(ring, from);

    private static ulong Place(int ring, ulong tail) => SignedRecord.Mix(tail ^ (((ulong)ring + 1) * 0xD1B54A32D192ED03));

    private ulong After(int ring, ulong of)
    {
        var (best, least) = (of, ulong.MaxValue);
        for (var i = 0; i < _view.Count; i++)
        {
            var tail = _view[i].Tail;
            var distance = Distance(ring, of, tail);
            if (tail != of && distance <= least)
            {
                (best, least) = (tail, distance);
            }
        }

        return best;
    }

    private ulong Before(int ring, ulong of, ReadOnlySpan<ulong> passedOver)
    {
        var (best, least) = (of, ulong.MaxValue);
        for (var i = 0; i < _view.Count; i++)
        {
            var tail = _view[i].Tail;
            var distance = Distance(ring, tail, of);
            if (tail != of && distance <= least && !passedOver.Contains(tail))
            {
                (best, least) = (tail, distance);
            }
        }

        return best;
    }

    private void Refresh()
    {
        _neighbours.Clear();
        _subjects.Clear();
        for (var ring = 0; ring < _after.Length; ring++)
        {
            AddOnce(_subjects, _after[ring]);
            AddOnce(_neighbours, _after[ring]);
            AddOnce(_neighbours, _before[ring]);
        }

        for (var i = 0; IsSmall && i < _view.Count; i++)
        {
            Observers(_view[i].Tail, _observers);
            if (_observers.Contains(_self))
            {
                AddOnce(_subjects, _view[i].Tail);
            }
        }
    }

    private void AddOnce(List<ulong> list, ulong tail)
    {
        if (tail != _self && !list.Contains(tail))
        {
            list.Add(tail);
        }
    }
}

using Wetware.Core;
using Wetware.Membership.Gossip;
using Wetware.Membership.Routing;
using Wetware.Membership.Tests.Routing;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Gossip;

/// <summary>Who observes whom: all who have the same view must agree, and nobody may hang on one observer while there are others.</summary>
public sealed class RingsTests
{
    private const int RingCount = 3;
    private const int SmallMax = 64;
    private const int MembersMax = 75;

    private readonly MemberView _view = new();
    private readonly Dictionary<ulong, Rings> _rings = [];
    private readonly List<ulong> _observers = [];
    private Prng _prng = new(Property.Seed());
    private int _names;

    [Fact]
    public void Whoever_observes_a_member_has_it_among_its_subjects_while_members_come_and_go()
    {
        while (_view.Count < MembersMax)
        {
            Step(joinsOfTen: 9);
        }

        while (_view.Count > 1)
        {
            Step(joinsOfTen: 1);
        }
    }

    private void Step(int joinsOfTen)
    {
        if (_view.Count == 0 || _prng.Below(10) < (ulong)joinsOfTen)
        {
            Join();
        }
        else
        {
            Leave(_view[(int)_prng.Below((ulong)_view.Count)].Tail);
        }

        for (var i = 0; i < _view.Count; i++)
        {
            Agree(_view[i].Tail);
        }
    }

    private void Join()
    {
        var profile = Profile.Create(Peers.Number(_names++), "host", [], []);
        var record = new SignedRecord(new PeerRecord(profile, new ServerId(1), 1, 60_000), default, IsLeave: false);
        _view.Set(record);
        var own = new Rings(record.Tail, RingCount, _view);
        foreach (var (tail, rings) in _rings)
        {
            rings.Add(record.Tail);
            own.Add(tail);
        }

        _rings[record.Tail] = own;
    }

    private void Leave(ulong tail)
    {
        _view.Remove(tail);
        _rings.Remove(tail);
        foreach (var rings in _rings.Values)
        {
            rings.Remove(tail);
        }
    }

    private void Agree(ulong subject)
    {
        _rings[subject].Observers(subject, _observers);
        Assert.Equal(_observers.Distinct(), _observers);
        if (_view.Count <= SmallMax)
        {
            Assert.Equal(Math.Min(RingCount, _view.Count - 1), _observers.Count);
        }

        foreach (var (tail, rings) in _rings)
        {
            Assert.Equal(_observers.Contains(tail), rings.Subjects.Contains(subject));
        }
    }
}

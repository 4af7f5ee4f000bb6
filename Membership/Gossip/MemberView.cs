using System.Diagnostics.CodeAnalysis;
using Wetware.Core;

namespace Wetware.Membership.Gossip;

/// <summary>
/// The members that a node believes to be there, itself included, in no order, with the fingerprint of the whole.
/// Invariant: the fingerprint is the exclusive or of the members' prints.
/// </summary>
internal sealed class MemberView
{
    private readonly List<SignedRecord> _members = [];
    private readonly Dictionary<ulong, int> _index = [];

    internal int Count => _members.Count;

    internal ulong Fingerprint { get; private set; }

    internal SignedRecord this[int at] => _members[at];

    internal bool TryGet(ulong tail, [NotNullWhen(true)] out SignedRecord? record)
    {
        var known = _index.TryGetValue(tail, out var at);
        record = known ? _members[at] : null;
        return known;
    }

    internal bool Contains(ulong tail) => _index.ContainsKey(tail);

    /// <summary>Adds a member or takes its newer record.</summary>
    internal void Set(SignedRecord record)
    {
        Invariant.Check(!record.IsLeave);
        Fingerprint ^= record.Print;
        if (_index.TryGetValue(record.Tail, out var at))
        {
            Fingerprint ^= _members[at].Print;
            _members[at] = record;
            return;
        }

        _index[record.Tail] = _members.Count;
        _members.Add(record);
    }

    internal void Remove(ulong tail)
    {
        var known = _index.Remove(tail, out var at);
        Invariant.Check(known);
        Fingerprint ^= _members[at].Print;
        var last = _members.Count - 1;
        if (at != last)
        {
            _members[at] = _members[last];
            _index[_members[at].Tail] = at;
        }

        _members.RemoveAt(last);
    }

    /// <summary>A uniformly random member.</summary>
    internal SignedRecord Random(ref Prng prng) => _members[(int)prng.Below((ulong)_members.Count)];
}

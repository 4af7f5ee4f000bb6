using System.Runtime.CompilerServices;

namespace Wetware.Membership.Routing;

/// <summary>
/// One row of an index: a key, the peer, and where its record is. Ordered by key, then by peer, so no two are equal. The first sixteen
/// bytes of the key and eight of the peer stand in the row itself and decide nearly every comparison without following a reference. By
/// server, the head is the whole key; by peer, there is none but the peer.
/// </summary>
internal readonly struct IndexEntry
{
    internal readonly ulong Head;
    internal readonly ulong Neck;
    internal readonly ulong PeerHead;
    internal readonly Label? Key;
    internal readonly Label Peer;
    internal readonly int Slot;

    internal IndexEntry(Label key, Label peer, int slot)
        : this(key.Head, peer, slot)
    {
        Neck = key.Neck;
        Key = key;
    }

    internal IndexEntry(ulong head, Label peer, int slot)
    {
        Head = head;
        PeerHead = peer.Head;
        Peer = peer;
        Slot = slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Compare(in IndexEntry left, in IndexEntry right)
    {
        if (left.Head != right.Head)
        {
            return left.Head < right.Head ? -1 : 1;
        }

        if (left.Neck != right.Neck)
        {
            return left.Neck < right.Neck ? -1 : 1;
        }

        // A key that ends before the neck does is all in the row. Its last byte is then zero, which no key holds.
        if ((byte)left.Neck == 0 && left.PeerHead != right.PeerHead)
        {
            return left.PeerHead < right.PeerHead ? -1 : 1;
        }

        return CompareRest(in left, in right);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CompareRest(in IndexEntry left, in IndexEntry right)
    {
        var byKey = Label.Compare(left.Key, right.Key);
        return byKey != 0 ? byKey : Label.Compare(left.Peer, right.Peer);
    }
}

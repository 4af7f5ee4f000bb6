using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// One message's slot. Invariant: <see cref="Order"/> is set only while ready, <see cref="At"/> only while leased (deadline)
/// or delayed (when it joins the line), so that equal states hash equally.
/// </summary>
internal struct Message
{
    public ulong Offset;
    public ulong Order;
    public ulong At;
    public ulong PayloadHash;

    /// <summary>What this message adds to the digest right now.</summary>
    public ulong Hash;

    /// <summary>The transaction that spoke for this message last; a local mark, not replicated.</summary>
    public ulong Claim;

    public Block Payload;
    public int Topic;
    public uint Lease;
    public uint Attempts;

    /// <summary>The next slot in the ready line, or of the free list; 0 for none.</summary>
    public int Next;

    /// <summary>Where the slot stands in the timer heap while leased or delayed.</summary>
    public int HeapPlace;
    public MessageState State;

    public readonly ulong ComputeHash()
    {
        var hash = StateHash.Mix(((ulong)(uint)Topic << 32) | (uint)State, Offset);
        hash = StateHash.Mix(hash ^ Order, At);
        return StateHash.Mix(hash ^ (((ulong)Lease << 32) | Attempts), PayloadHash);
    }
}

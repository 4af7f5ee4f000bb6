using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>
/// What waits to be sent to one member. One batch is under way at a time at most; what gathers meanwhile goes along with the next, up to a bound of
/// messages and of bytes. Invariant: messages leave in the order in which they were added.
/// </summary>
internal sealed class PeerQueue(NodeId to)
{
    // What a message takes without the payloads of its entries, and each of those.
    private const int MessageBytes = 128;
    private const int EntryBytes = 32;

    private readonly Queue<(RaftEvent Message, long Bytes)> _waiting = new();

    public MessageBatch Batch { get; } = new(to);

    /// <summary>Whether the batch is on its way, so that nothing more may be sent.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>Whether its owner has it in a list of those to be flushed.</summary>
    public bool IsListed { get; set; }

    /// <summary>Bytes that wait, about as many as they are on the wire.</summary>
    public long Bytes { get; private set; }

    public int Count => _waiting.Count;

    /// <summary>Copies a message; false if too much waits already.</summary>
    public bool TryAdd(GroupId group, in Message message)
    {
        var bytes = SizeOf(message);
        if (_waiting.Count >= Limits.PeerMessagesMax || Bytes + bytes > Limits.PeerBytesMax)
        {
            return false;
        }

        Bytes += bytes;
        _waiting.Enqueue((RaftEvent.Of(group, message), bytes));
        return true;
    }

    /// <summary>Fills the batch with as much as one request takes, or with one message if that alone is larger. False if nothing waits.</summary>
    public bool TryFill()
    {
        Invariant.Check(!IsUnderWay && Batch.Count == 0);
        var taken = 0L;
        while (_waiting.TryPeek(out var next) && Batch.Count < Limits.RequestMessagesMax && (Batch.Count == 0 || taken + next.Bytes <= Limits.RequestBytesMax))
        {
            _waiting.Dequeue();
            taken += next.Bytes;
            Batch.Add(next.Message);
        }

        Bytes -= taken;
        Invariant.Check(Bytes >= 0);
        return Batch.Count > 0;
    }

    private static long SizeOf(in Message message)
    {
        long bytes = MessageBytes;
        foreach (ref readonly var entry in message.Entries.Span)
        {
            bytes += EntryBytes + entry.Data.Length;
        }

        return bytes;
    }
}

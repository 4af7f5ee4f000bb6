using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// One client's session: the newest reply for each place of its window. A sequence number's place is its remainder by the window,
/// so a client that never has more than a window of commands in flight finds every answer it can still ask for.
/// </summary>
internal sealed class Session(ulong id)
{
    public readonly ulong Id = id;
    public readonly ulong[] Sequences = new ulong[QueueLimits.SessionWindow];
    public readonly Block[] Replies = new Block[QueueLimits.SessionWindow];
    public readonly ulong[] ReplyHashes = new ulong[QueueLimits.SessionWindow];

    /// <summary>The replicated moment of its newest command.</summary>
    public ulong LastUsed;
    public Session? Older;
    public Session? Newer;
    private ulong _hash;

    /// <summary>Brings the session's part of the digest up to date; returns by how much the digest moves.</summary>
    public ulong Seal()
    {
        var hash = StateHash.Mix(Id, LastUsed);
        for (var i = 0; i < QueueLimits.SessionWindow; i++)
        {
            hash = StateHash.Mix(hash ^ Sequences[i], ReplyHashes[i]);
        }

        var moved = hash - _hash;
        _hash = hash;
        return moved;
    }

    /// <summary>Takes the session out of the digest.</summary>
    public ulong Unseal() => 0 - _hash;
}

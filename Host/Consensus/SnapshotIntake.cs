using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Host.Consensus;

/// <summary>
/// The receiving end of the transfer of a snapshot: takes the pieces as they come, and accepts the whole only if it is what the sender has. It neither
/// waits nor knows where the pieces come from, so that the same code runs behind a connection and in virtual time.
/// </summary>
/// <param name="writer">Where the pieces are stored; disposed of with this.</param>
/// <param name="size">What the sender announced.</param>
internal sealed class SnapshotIntake(SnapshotWriter writer, long size) : IDisposable
{
    private bool _isOver;

    /// <summary>The offset that the transfer goes on from: what an earlier one left need not be sent again.</summary>
    public long From { get; } = writer.Bytes;

    /// <summary>Stores a piece.</summary>
    /// <returns>Why it is refused; null if it is stored.</returns>
    public string? Take(ReadOnlySpan<byte> piece)
    {
        if (_isOver)
        {
            return "the snapshot has ended";
        }

        if (writer.Bytes + piece.Length > size)
        {
            return "the snapshot is longer than announced";
        }

        writer.Write(piece);
        return null;
    }

    /// <summary>The sender has sent all it has: makes the snapshot durable under its name if it is right, and gives it up otherwise.</summary>
    /// <param name="checksum">The sender's, over all of it.</param>
    /// <param name="snapshot">What is stored.</param>
    /// <returns>Why it is given up; null if it is stored.</returns>
    public string? End(uint checksum, out Snapshot? snapshot)
    {
        snapshot = null;
        if (_isOver)
        {
            return "the snapshot has ended";
        }

        _isOver = true;
        if (writer.Bytes == size && writer.Checksum == checksum)
        {
            snapshot = writer.Complete();
            return null;
        }

        // Two leaders may have written the same snapshot differently, and one went on where the other broke off. Kept, it would be in the way for ever.
        var trouble = writer.Bytes == size ? "the snapshot's checksum is wrong" : $"the snapshot was announced with {size} bytes and has {writer.Bytes}";
        writer.Discard();
        return trouble;
    }

    /// <summary>The sender has let go; what was stored stays, to be gone on with.</summary>
    public void Dispose() => writer.Dispose();
}

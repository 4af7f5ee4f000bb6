using Wetware.Raft.Log;

namespace Wetware.Host.Consensus;

/// <summary>
/// The sending end of the transfer of a snapshot: which piece is next, and when it may go. All transfers of a node share one rate. It has no clock and
/// waits for nothing, so that the same code runs over connections and in virtual time.
/// </summary>
/// <param name="reader">The snapshot; disposed of with this.</param>
/// <param name="rate">The node's.</param>
/// <param name="pieceBytes">Bytes of a piece at most.</param>
internal sealed class SnapshotSource(SnapshotReader reader, SnapshotRate rate, int pieceBytes = LogLimits.SnapshotChunkBytes) : IDisposable
{
    private long _at;

    public long Bytes => reader.Reference.Bytes;

    public uint Checksum => reader.Reference.Checksum;

    /// <summary>Whether all pieces have been read.</summary>
    public bool IsDone => _at >= Bytes;

    /// <summary>Goes on from what the receiver has: a transfer that broke off inside a chunk goes on inside it.</summary>
    /// <param name="offset">Where there is no such offset, nothing more is read, and the receiver gives up what it has.</param>
    public void GoOnFrom(long offset) => _at = offset < 0 || offset > Bytes ? Bytes : offset;

    /// <summary>Takes the next piece from the rate; once for each piece.</summary>
    /// <returns>How long to wait before it is read and sent.</returns>
    public TimeSpan Take(TimeSpan now) => rate.Take(NextBytes, now);

    /// <summary>Reads the next piece.</summary>
    /// <returns>Valid until the next call.</returns>
    /// <exception cref="LogFormatException">It is damaged.</exception>
    public ReadOnlySpan<byte> Read()
    {
        var piece = reader.ReadChunk(_at)[..NextBytes];
        _at += piece.Length;
        return piece;
    }

    public void Dispose() => reader.Dispose();

    private int NextBytes => (int)Math.Min(pieceBytes, Math.Min(Bytes - _at, LogLimits.SnapshotChunkBytes - (_at % LogLimits.SnapshotChunkBytes)));
}

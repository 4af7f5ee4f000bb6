using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// A snapshot on its way from one node's store into another's, a piece at a time, as the host does it: what an earlier transfer left is gone on
/// with, and given up if the whole turns out not to be what the sender has.
/// </summary>
internal sealed class SimTransfer
{
    private const int PiecesMax = 4;

    private readonly GroupId _group;
    private readonly Message _message;
    private readonly byte[] _state;
    private readonly uint _checksum;
    private readonly int _piece;
    private SnapshotWriter? _writer;
    private int _life;

    private SimTransfer(GroupId group, in Message message, byte[] state, uint checksum, int pieces)
    {
        (_group, _message, _state, _checksum) = (group, message, state, checksum);
        _piece = Math.Max(1, state.Length / pieces);
    }

    public bool IsDone { get; private set; }

    /// <summary>Reads what is to be sent; null if the disk does not give it.</summary>
    public static SimTransfer? Begin(Simulation world, SnapshotStore snapshots, GroupId group, in Message message)
    {
        try
        {
            using var reader = snapshots.Open(group, message.Snapshot!);
            var state = new byte[reader.Reference.Bytes];
            for (var at = 0; at < state.Length;)
            {
                var chunk = reader.ReadChunk(at);
                chunk.CopyTo(state.AsSpan(at));
                at += chunk.Length;
            }

            return new(group, message, state, reader.Reference.Checksum, world.Agenda.Random.Between(1, PiecesMax));
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            return null;
        }
    }

    /// <summary>Hands the receiver the next piece, and the message after the last. False if the transfer is broken.</summary>
    public bool TryStep(SimNode to)
    {
        if (!to.IsUp || (_writer is not null && to.Life != _life))
        {
            return false;
        }

        try
        {
            if (_writer is null)
            {
                (_writer, _life) = (to.Snapshots.Begin(_group, _message.Snapshot!.Metadata), to.Life);
                if (_writer.Bytes > 0)
                {
                    to.ResumedTransfers++;
                }
            }

            if (_writer.Bytes > _state.Length)
            {
                _writer.Discard();
                return false;
            }

            var at = (int)_writer.Bytes;
            _writer.Write(_state.AsSpan(at, Math.Min(_piece, _state.Length - at)));
            return _writer.Bytes < _state.Length || TryComplete(to);
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            return false;
        }
    }

    /// <summary>Lets go; what was stored stays.</summary>
    public void End() => _writer?.Dispose();

    private bool TryComplete(SimNode to)
    {
        if (_writer!.Checksum != _checksum)
        {
            _writer.Discard();
            return false;
        }

        IsDone = true;
        to.Turn(RaftEvent.Of(_group, _message with { Snapshot = _writer.Complete() }));
        return true;
    }
}

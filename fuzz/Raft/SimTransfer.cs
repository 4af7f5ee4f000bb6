using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Raft;

/// <summary>A snapshot on its way from one node's store into another's: the two ends of production, with virtual time between them.</summary>
internal sealed class SimTransfer
{
    private readonly GroupId _group;
    private readonly Message _message;
    private readonly SimNode _from;
    private readonly SnapshotSource _source;
    private SnapshotIntake? _intake;
    private int _life;

    private SimTransfer(SimNode from, GroupId group, in Message message, SnapshotSource source) => (_from, _group, _message, _source) = (from, group, message, source);

    public bool IsDone { get; private set; }

    /// <summary>Opens what is to be sent; null if the disk does not give it.</summary>
    public static SimTransfer? Begin(Simulation world, SimNode from, GroupId group, in Message message)
    {
        try
        {
            var reader = from.Snapshots.Open(group, message.Snapshot!);
            var piece = (int)(reader.Reference.Bytes / world.Agenda.Random.Between(1, world.Options.TransferPiecesMax)) + 1;
            return new(from, group, message, new SnapshotSource(reader, from.SnapshotRate, piece));
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            return null;
        }
    }

    /// <summary>How long the next piece has to wait for the sender's rate.</summary>
    public TimeSpan Take(TimeSpan now) => _intake is null || _source.IsDone ? TimeSpan.Zero : _source.Take(now);

    /// <summary>Asks the receiver where to begin, hands it the next piece, or the message after the last. False if the transfer is broken.</summary>
    public bool TryStep(SimNode to)
    {
        if (!to.IsUp || (_intake is not null && to.Life != _life))
        {
            return false;
        }

        try
        {
            if (_intake is null)
            {
                (_intake, _life) = (new SnapshotIntake(to.Snapshots.Begin(_group, _message.Snapshot!.Metadata), _source.Bytes), to.Life);
                to.ResumedTransfers += _intake.From > 0 ? 1 : 0;
                _source.GoOnFrom(_intake.From);
                return true;
            }

            if (_source.IsDone)
            {
                return TryEnd(to);
            }

            var piece = _source.Read();
            _from.SnapshotBytesSent(piece.Length);
            return _intake.Take(piece) is null;
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            return false;
        }
    }

    /// <summary>Lets go; what was stored stays.</summary>
    public void End()
    {
        _source.Dispose();
        _intake?.Dispose();
    }

    private bool TryEnd(SimNode to)
    {
        if (_intake!.End(_source.Checksum, out var stored) is not null)
        {
            return false;
        }

        IsDone = true;
        to.Turn(RaftEvent.Of(_group, _message with { Snapshot = stored }));
        return true;
    }
}

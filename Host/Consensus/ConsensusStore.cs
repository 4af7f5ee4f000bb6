using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Wetware.Client.Identity;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Storage;
using Wetware.Raft;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Files;

namespace Wetware.Host.Consensus;

/// <summary>Opens the write-ahead log of a data folder, and writes the beginning of a cluster into an empty one.</summary>
internal static class ConsensusStore
{
    /// <summary>Opens or creates the log. What makes the peer's member number is the incarnation of <see cref="WriteAheadLog.Identity"/>.</summary>
    /// <exception cref="StorageException">It is another peer's, damaged, full, or of another format.</exception>
    public static WriteAheadLog Open(string folder, in PeerId peer, string ns)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var cluster = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(ns)));
            var incarnation = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
            return WriteAheadLog.Open(new DiskFileSystem(folder), new LogOptions { Identity = new LogIdentity(cluster, MemberInfo.NodeOf(peer, 0), incarnation) });
        }
        catch (WrongStorageException failure)
        {
            throw new StorageException(
                $"log {failure.Message}; restore the identity.pem and the namespace that it was written under, or choose another folder with --data", failure);
        }
        catch (LogException failure)
        {
            throw new StorageException($"log {folder}: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"log {folder}: {StorageFault.Explain(failure)}", failure);
        }
    }

    /// <summary>Whether anything was ever stored for a group.</summary>
    public static bool IsEmpty(GroupLog group) => group.LatestSnapshot is null && group.StoredLast == LogIndex.Zero && group.HardState.IsEmpty;

    /// <summary>
    /// Makes a recovered group fit to start. Entries that are damaged are no obstacle: either a snapshot stands for them, or the node starts
    /// behind them, gives no votes, and its peers send them again. Where it is not known what was promised, a vote or how far entries went, the node
    /// could make the cluster forget it, and is refused; its peers have everything, and as a new peer it gets it from them.
    /// </summary>
    /// <exception cref="StorageException">The log has lost more than its peers could send again to this member.</exception>
    public static void Mend(WriteAheadLog log, GroupLog group, string folder)
    {
        if (group.HasUnknown && group.LatestSnapshot is { } snapshot && snapshot.Metadata.Index > group.LastIndex)
        {
            group.CompactUnder(snapshot);
            log.Commit();
        }

        var isNameless = group.Unknown().Any(entry => entry.Term is null);
        if (group.IsHardStateUnknown || group.IsTailUncertain || isNameless)
        {
            var what = group.IsHardStateUnknown ? "its last vote is damaged" : "its last acknowledged part is damaged";
            throw new StorageException($"log {folder}: {what}; start with an empty data folder, and the cluster brings this machine up as a new peer");
        }

        if (group.LatestSnapshot is { Metadata: var latest } && latest.Index > group.HardState.Commit && latest.Index <= group.LastIndex)
        {
            // That an entry is committed is not worth a sync of its own, so a snapshot, which only holds what is, may be on disk first.
            var state = group.HardState;
            group.SetHardState(new HardState(state.Term < latest.Term ? latest.Term : state.Term, state.Vote, latest.Index));
            log.Commit();
        }
    }

    /// <summary>How the core of a group is started from what is stored: behind the first damaged entry, owing its peers all that is.</summary>
    public static RaftConfig Configure(GroupLog stored, NodeId self, ulong seed) => new()
    {
        Id = self,
        Storage = stored,
        Seed = seed,
        Applied = stored.LatestSnapshot?.Metadata.Index ?? LogIndex.Zero,
        AsyncStorageWrites = true,
        AlignHeartbeats = true,
        ForwardProposals = false,
        LostUpTo = stored.HasUnknown ? stored.StoredLast : LogIndex.Zero,
    };

    /// <summary>Makes this node the only voter of a new cluster: its log begins with a snapshot of the empty state.</summary>
    public static void Found(WriteAheadLog log, GroupLog group, MemberInfo self, IStateMachine machine)
    {
        var directory = new MemberDirectory();
        directory.Set(self);
        var state = new ArrayBufferWriter<byte>();
        directory.Save(state);
        using (var capture = machine.Capture())
        {
            capture.WriteTo(state);
        }

        var metadata = new SnapshotMetadata(new LogIndex(1), new Term(1), ConfState.OfVoters(self.Node));
        using (var writer = log.Snapshots.Begin(group.Id, metadata))
        {
            writer.Write(state.WrittenSpan[(int)writer.Bytes..]);
            group.Install(writer.Complete());
        }

        group.SetHardState(new HardState(new Term(1), NodeId.None, new LogIndex(1)));
        log.Commit();
    }
}

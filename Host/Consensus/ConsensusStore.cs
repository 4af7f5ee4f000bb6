using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Wetware.Core;
using Wetware.Host.Storage;
using Wetware.Raft;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Files;

namespace Wetware.Host.Consensus;

/// <summary>Opens the write-ahead log of a data folder, and writes the beginning of a cluster into an empty one.</summary>
internal static class ConsensusStore
{
    /// <summary>Opens or creates the log.</summary>
    /// <exception cref="DataFolderException">It is another peer's, damaged, full, or of another format.</exception>
    public static WriteAheadLog Open(string folder, NodeId node, string ns)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var cluster = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(ns)));
            var incarnation = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
            return WriteAheadLog.Open(new DiskFileSystem(folder), new LogOptions { Identity = new LogIdentity(cluster, node, incarnation) });
        }
        catch (WrongDataFolderException failure)
        {
            throw new DataFolderException(
                $"log {failure.Message}; restore the identity.pem and the namespace that it was written under, or choose another folder with --data", failure);
        }
        catch (LogException failure)
        {
            throw new DataFolderException($"log {folder}: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"log {folder}: {StorageFault.Explain(failure)}", failure);
        }
    }

    /// <summary>Whether anything was ever stored for a group.</summary>
    public static bool IsEmpty(GroupLog group) => group.LatestSnapshot is null && group.StoredLast == LogIndex.Zero && group.HardState.IsEmpty;

    /// <summary>
    /// Refuses to go on with a log that has lost acknowledged entries or a vote: this node could make the cluster forget what it
    /// promised. Its peers have everything; as a new peer it gets it from them.
    /// </summary>
    /// <exception cref="DataFolderException">The log has lost something.</exception>
    public static void RequireWhole(GroupLog group, string folder)
    {
        if (group.HasUnknown || group.IsHardStateUnknown || group.IsTailUncertain)
        {
            var what = group.HasUnknown ? "acknowledged entries are damaged" : "its last acknowledged part is damaged";
            throw new DataFolderException($"log {folder}: {what}; start with an empty data folder, and the cluster brings this machine up as a new peer");
        }
    }

    /// <summary>Makes this node the only voter of a new cluster: its log begins with a snapshot of the empty state.</summary>
    public static void Found(WriteAheadLog log, GroupLog group, MemberInfo self, IStateMachine machine)
    {
        var directory = new MemberDirectory();
        directory.Set(self);
        var state = new ArrayBufferWriter<byte>();
        directory.Save(state);
        machine.Snapshot(state);
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

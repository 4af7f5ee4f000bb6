using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Files;

namespace Wetware.Bench.Raft;

/// <summary>One node of a cluster in this process: the host's loop, joined to the others by memory; its log on disk and synced, or not written at all.</summary>
internal sealed class LoopMember : IMessageCarrier, IDisposable
{
    public static readonly GroupId Group = new(1);
    private readonly Func<NodeId, LoopMember> _find;
    private readonly WriteAheadLog? _log;
    private readonly LogThread? _thread;
    private readonly ILogWriter _writer;
    private readonly PeerQueues _queues;

    /// <param name="id">Its number.</param>
    /// <param name="voters">All of them.</param>
    /// <param name="folder">Of its log; null to keep the log in memory, where nothing survives.</param>
    /// <param name="find">The others.</param>
    public LoopMember(NodeId id, NodeId[] voters, string? folder, Func<NodeId, LoopMember> find)
    {
        (_find, _queues) = (find, new PeerQueues(this));
        Loop = new RaftLoop(new ServerId(id.Value), TimeSpan.FromMilliseconds(50), NullLogger.Instance);
        var state = new ArrayBufferWriter<byte>();
        new MemberDirectory().Save(state);
        Machine.Capture().WriteTo(state);
        var metadata = new SnapshotMetadata(new(1), new(1), ConfState.OfVoters(voters));
        IRaftStorage storage;
        if (folder is null)
        {
            var memory = new MemoryLog();
            memory.Storage.Install(new Snapshot(metadata, state.WrittenMemory.ToArray()));
            (_writer, storage) = (memory, memory.Storage);
        }
        else
        {
            _log = WriteAheadLog.Open(new DiskFileSystem(folder), new LogOptions { Identity = new LogIdentity(1, id, 1) });
            var stored = _log.Group(Group);
            using (var writer = _log.Snapshots.Begin(Group, metadata))
            {
                writer.Write(state.WrittenSpan);
                stored.Install(writer.Complete());
            }

            stored.SetHardState(new HardState(new(1), NodeId.None, new(1)));
            _log.Commit();
            _thread = new LogThread(Loop);
            (_writer, storage) = (new LogWriter(_log, _thread, NullLogger.Instance), stored);
        }

        var node = new RawNode(new RaftConfig { Id = id, Storage = storage, Seed = id.Value, AsyncStorageWrites = true, ForwardProposals = false, Applied = new(1) });
        RaftGroup = new RaftGroup(Group, node, Machine, new MemberDirectory(), _queues, _writer, new GroupSettings(100_000, 1000, ReadsFrom: 0), NullLogger.Instance);
        storage.Snapshot(out var snapshot);
        RaftGroup.Start(snapshot!, state.WrittenMemory);
        Loop.Add(RaftGroup);
    }

    public RaftLoop Loop { get; }

    public RaftGroup RaftGroup { get; }

    public CountMachine Machine { get; } = new();

    public void Start() => Loop.Start(_writer, _queues);

    Carriage IMessageCarrier.Carry(MessageBatch batch)
    {
        _ = _find(batch.To).Loop.Post(batch.Messages);
        return Carriage.Gone;
    }

    void IMessageCarrier.CarrySnapshot(GroupId group, in Message message) => _ = _find(message.To).Loop.Post(RaftEvent.Of(group, message));

    public void Dispose()
    {
        Loop.Dispose();
        _thread?.Dispose();
        _log?.Dispose();
    }
}

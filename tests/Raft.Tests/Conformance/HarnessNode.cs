using Wetware.Core;

namespace Wetware.Raft.Tests.Conformance;

/// <summary>
/// A node of the scenario files: its storage, its work lists, and a state machine that appends payloads and records a
/// snapshot after each applied entry.
/// </summary>
internal sealed class HarnessNode : IRaftStorage
{
    private readonly MemoryStorage _log = new();
    private readonly List<Snapshot> _history = [];

    public HarnessNode(RaftConfig template, ulong id, Snapshot? start)
    {
        if (start is not null)
        {
            _log.Install(start);
            _history.Add(start);
        }

        Config = template with { Id = new(id), Storage = this, Seed = id };
        Node = new(Config);
    }

    public RaftConfig Config { get; }

    public RawNode Node { get; }

    public MemoryStorage Log => _log;

    public Queue<(Message Work, HardState State, List<Message> Responses)> AppendWork { get; } = new();

    public Queue<(Message Work, List<Message> Responses)> ApplyWork { get; } = new();

    public HardState HardState => _log.HardState;

    public ConfState ConfState => _log.ConfState;

    public LogIndex FirstIndex => _log.FirstIndex;

    public LogIndex LastIndex => _log.LastIndex;

    public LogRead Term(LogIndex index, out Term term) => _log.Term(index, out term);

    public LogRead Entries(LogIndex from, LogIndex until, ulong bytesMax, EntryBuffer destination) =>
        _log.Entries(from, until, bytesMax, destination);

    public LogRead Snapshot(out Snapshot? snapshot)
    {
        snapshot = _history.LastOrDefault();
        return snapshot is null ? LogRead.Unavailable : LogRead.Ok;
    }

    public void Persist(HardState state, ReadOnlyMemory<Entry> entries, Snapshot? snapshot)
    {
        if (!state.IsEmpty)
        {
            _log.SetHardState(state);
        }

        if (snapshot is not null)
        {
            Assert.True(entries.IsEmpty);
            _log.Install(snapshot);
            return;
        }

        _log.Append(entries.Span);
    }

    public void Apply(ReadOnlyMemory<Entry> entries)
    {
        foreach (var entry in entries.ToArray())
        {
            var last = _history.LastOrDefault();
            var (state, data) = (last?.Metadata.ConfState ?? ConfState.Empty, entry.Data);
            if (entry.IsConfChange)
            {
                Assert.True(ConfChangeV2.TryDecode(entry, out var change));
                Rejection = Node.ApplyConfChange(change) ?? Rejection;
                (state, data) = (Node.ConfState, change.Context);
            }

            _history.Add(new(new(entry.Index, entry.Term, state), (byte[])[.. (last?.Data ?? default).Span, .. data.Span]));
        }
    }

    /// <summary>Why a configuration change was rejected at apply, where the reference would have stopped.</summary>
    public string? Rejection { get; private set; }
}

using System.Text;
using Wetware.Core;

namespace Wetware.Raft.Tests;

/// <summary>One node of a story, with its storage and a state machine that keeps all commands.</summary>
internal sealed class TestNode
{
    private readonly Queue<Ready> _appends = new();

    public TestNode(ulong id, MemoryStorage storage, Func<RaftConfig, RaftConfig> configure, List<string>? data = null)
    {
        (Id, Storage) = (id, storage);
        var config = configure(new()
        {
            Id = new(id),
            Storage = storage,
            Seed = id,
            Applied = storage.FirstIndex.Previous,
            AsyncStorageWrites = true,
        });
        Raft = new(config);
        // What was applied before is applied again after a restart; the copy before shows what must come again.
        Before = data ?? [];
    }

    public ulong Id { get; }

    public MemoryStorage Storage { get; }

    public RawNode Raft { get; }

    /// <summary>Commands applied, in order.</summary>
    public List<string> Data { get; } = [];

    public List<string> Before { get; }

    public List<ReadState> Reads { get; } = [];

    public List<string> Rejections { get; } = [];

    /// <summary>While set, nothing becomes durable here.</summary>
    public bool HoldsAppends { get; set; }

    /// <summary>Does all that is to be done; messages for others go to the list.</summary>
    public bool Work(List<Message> outgoing)
    {
        var isBusy = false;
        while (Raft.HasReady || (_appends.Count > 0 && !HoldsAppends))
        {
            isBusy = true;
            if (Raft.HasReady)
            {
                Show(outgoing);
            }

            while (_appends.Count > 0 && !HoldsAppends)
            {
                Persist(_appends.Dequeue(), outgoing);
            }
        }

        return isBusy;
    }

    private void Show(List<Message> outgoing)
    {
        var ready = new Ready();
        Raft.Ready(ready);
        outgoing.AddRange(ready.Messages.ToArray());
        Reads.AddRange(ready.ReadStates.ToArray());
        if (ready.NeedsAppend)
        {
            _appends.Enqueue(ready);
        }

        if (ready.NeedsApply)
        {
            Apply(ready.CommittedEntries.ToArray());
            Raft.StepLocal(ready.AfterApply);
        }
    }

    private void Persist(Ready ready, List<Message> outgoing)
    {
        if (!ready.HardState.IsEmpty)
        {
            Storage.SetHardState(ready.HardState);
        }

        if (ready.Snapshot is { } snapshot)
        {
            Storage.Install(snapshot);
            Data.Clear();
            Data.AddRange(Encoding.UTF8.GetString(snapshot.Data.Span).Split(',', StringSplitOptions.RemoveEmptyEntries));
        }

        Storage.Append(ready.Entries.Span);
        foreach (var message in ready.AfterAppend.ToArray())
        {
            if (message.To.Value == Id)
            {
                Raft.StepLocal(message);
            }
            else
            {
                outgoing.Add(message);
            }
        }
    }

    private void Apply(Entry[] entries)
    {
        foreach (var entry in entries)
        {
            if (entry.IsConfChange)
            {
                var rejection = Raft.ApplyConfChange(entry);
                Rejections.AddRange(rejection is null ? [] : [rejection]);
            }
            else if (entry.Data.Length > 0)
            {
                Data.Add(Encoding.UTF8.GetString(entry.Data.Span));
            }
        }
    }

    /// <summary>Makes a snapshot of the applied state and forgets the entries behind it.</summary>
    public void Compact()
    {
        var index = Raft.Applied;
        Assert.Equal(LogRead.Ok, Storage.Term(index, out var term));
        Storage.Offer(new(new(index, term, Raft.ConfState), Encoding.UTF8.GetBytes(string.Join(',', Data))));
        Storage.Compact(index);
    }
}

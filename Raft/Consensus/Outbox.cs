using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>
/// Messages waiting for the next Ready, and the entries they carry. A node fills one while the caller's Ready shows
/// another; they change places when a Ready is filled, so nothing is copied.
/// </summary>
internal sealed class Outbox
{
    private readonly MessageList _messages = new();
    private readonly MessageList _afterAppend = new();
    private SharedEntries _shared;

    public ReadOnlySpan<Message> Messages => _messages.Span;

    public ReadOnlySpan<Message> AfterAppend => _afterAppend.Span;

    /// <summary>Holds the entries of all messages.</summary>
    public EntryBuffer Entries { get; } = new();

    /// <summary>A message that may leave before anything is durable.</summary>
    public ref Message AddNow() => ref _messages.Add();

    /// <summary>A message that promises something which has to be durable first.</summary>
    public ref Message AddAfterAppend() => ref _afterAppend.Add();

    /// <summary>The entries read last, if that was the same stretch of an unchanged log: several followers usually need the same.</summary>
    public bool TryShare(in SharedEntries wanted, out SharedEntries found)
    {
        found = _shared;
        return found.Version == wanted.Version && found.First == wanted.First && found.LogLast == wanted.LogLast
            && found.BytesMax == wanted.BytesMax && found.Entries.Length > 0;
    }

    /// <summary>The entries from <paramref name="first"/> to the log's end, if exactly those were read last.</summary>
    public bool TryShareAll(LogIndex first, RaftLog log, int count, out ReadOnlyMemory<Entry> found)
    {
        found = _shared.Entries;
        return _shared.Version == log.Version && _shared.First == first && _shared.LogLast == log.LastIndex && found.Length == count;
    }

    /// <summary>Offers entries that lie in <see cref="Entries"/> to <see cref="TryShare"/>.</summary>
    public void Share(in SharedEntries entries) => _shared = entries;

    /// <summary>Empties everything, for use by another Ready.</summary>
    public void Clear()
    {
        _messages.Clear();
        _afterAppend.Clear();
        Entries.Clear();
        _shared = default;
    }
}

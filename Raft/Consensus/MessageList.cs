using System.Runtime.CompilerServices;

namespace Wetware.Raft.Consensus;

/// <summary>A growing array of messages that is emptied and filled again.</summary>
internal sealed class MessageList
{
    private Message[] _items = new Message[8];

    public int Count { get; private set; }

    public Span<Message> Span => _items.AsSpan(0, Count);

    /// <summary>A blank message at the end, to be filled in before the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Message Add()
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        return ref _items[Count++];
    }

    /// <summary>Empties the list and lets go of all entries and snapshots.</summary>
    public void Clear()
    {
        Span.Clear();
        Count = 0;
    }
}

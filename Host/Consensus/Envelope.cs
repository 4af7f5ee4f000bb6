using System.Collections.Concurrent;
using Wetware.Core.Identity;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>A message on its way to a loop, with a copy of its entries. Reused: the loop gives it back when the message has been stepped.</summary>
internal sealed class Envelope
{
    /// <summary>Beyond that many none are kept; a loop that falls behind further allocates.</summary>
    private const int KeptMax = 256;

    // Larger copies are left to the collector rather than kept for good.
    private const int KeptEntriesMax = 16_384;

    private static readonly ConcurrentQueue<Envelope> s_idle = new();

    private Entry[] _entries = [];
    private Message _message;

    private Envelope()
    {
    }

    public ref readonly Message Message => ref _message;

    /// <summary>Copies a message, whose entries may then change.</summary>
    public static Envelope Of(in Message message)
    {
        var envelope = s_idle.TryDequeue(out var idle) ? idle : new Envelope();
        var count = message.Entries.Length;
        if (envelope._entries.Length < count)
        {
            envelope._entries = new Entry[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count)];
        }

        message.Entries.Span.CopyTo(envelope._entries);
        envelope._message = message;
        envelope._message.Entries = envelope._entries.AsMemory(0, count);
        return envelope;
    }

    /// <summary>The message has been read, and nobody will look at it again.</summary>
    public void Return()
    {
        _entries.AsSpan(0, _message.Entries.Length).Clear();
        _message = default;
        if (_entries.Length <= KeptEntriesMax && s_idle.Count < KeptMax)
        {
            s_idle.Enqueue(this);
        }
    }
}

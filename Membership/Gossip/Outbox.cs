using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Membership.Pex;

namespace Wetware.Membership.Gossip;

/// <summary>
/// Gathers what is to be said to each member into few frames. What is urgent goes when the present event has been handled; the rest
/// waits for the next tick, for company.
/// </summary>
internal sealed class Outbox(ulong self, GossipOptions options)
{
    /// <summary>What a record adds to a frame, in bytes, beside its envelope.</summary>
    private const int RecordOverhead = 8;

    private const int WordBytes = 24;
    private const int DigestBytes = 14;
    private const int SampleBytes = 20;
    private const int FrameOverhead = 48;

    private readonly Dictionary<ulong, Frame> _open = [];
    private readonly Queue<(ulong To, Frame Frame)> _closed = new();
    private readonly Queue<Outgoing> _strangers = new();
    private readonly List<ulong> _urgent = [];

    /// <summary>The frame being filled for a member.</summary>
    internal Frame For(ulong to)
    {
        Invariant.Check(to != self);
        if (_open.TryGetValue(to, out var frame))
        {
            if (frame.SizeEstimate < options.FrameBytes)
            {
                return frame;
            }

            _closed.Enqueue((to, frame));
        }

        frame = New();
        _open[to] = frame;
        return frame;
    }

    /// <summary>The frame being filled for a member, which is to go as soon as the present event has been handled.</summary>
    internal Frame Urgent(ulong to)
    {
        if (!_urgent.Contains(to))
        {
            _urgent.Add(to);
        }

        return For(to);
    }

    internal void Say(ulong to, in Word word)
    {
        var frame = Urgent(to);
        if (!frame.Words.Contains(word))
        {
            frame.Words.Add(word);
            frame.SizeEstimate += WordBytes;
        }
    }

    internal void Send(ulong to, SignedRecord record)
    {
        var frame = For(to);
        if (frame.Records.Contains(record))
        {
            return;
        }

        if (frame.Records.Count > 0 && frame.SizeEstimate + record.Envelope.Length > options.FrameBytes)
        {
            frame.SizeEstimate = options.FrameBytes;
            frame = For(to);
        }

        frame.Records.Add(record);
        frame.SizeEstimate += record.Envelope.Length + RecordOverhead;
    }

    internal void Send(ulong to, TopicMessage message)
    {
        var frame = For(to);
        if (frame.Messages.Contains(message))
        {
            return;
        }

        if (frame.Messages.Count > 0 && frame.SizeEstimate + message.Envelope.Length > options.FrameBytes)
        {
            frame.SizeEstimate = options.FrameBytes;
            frame = For(to);
        }

        Urgent(to);
        frame.Messages.Add(message);
        frame.SizeEstimate += message.Envelope.Length + RecordOverhead;
    }

    internal void Announce(ulong to, MessageId id)
    {
        var frame = For(to);
        frame.MessagesHave.Add(id);
        frame.SizeEstimate += 2 * DigestBytes;
    }

    internal void Ask(ulong to, MessageId id)
    {
        var frame = Urgent(to);
        frame.MessagesWant.Add(id);
        frame.SizeEstimate += 2 * DigestBytes;
    }

    internal void Announce(ulong to, Digest digest)
    {
        var frame = For(to);
        frame.Have.Add(digest);
        frame.SizeEstimate += DigestBytes;
    }

    internal void Ask(ulong to, ulong tail)
    {
        var frame = Urgent(to);
        if (!frame.Want.Contains(tail))
        {
            frame.Want.Add(tail);
            frame.SizeEstimate += DigestBytes;
        }
    }

    internal void Compare(ulong to, SyncRange range)
    {
        var frame = Urgent(to);
        frame.Sync.Add(range);
        frame.SizeEstimate += 8 + (range.Prints.Count * sizeof(uint)) + (range.Digests.Count * DigestBytes);
    }

    /// <summary>Half of an exchange of samples.</summary>
    internal void Exchange(ulong to, List<Sample> samples, bool isAnswer)
    {
        var bytes = 0;
        foreach (var sample in samples)
        {
            bytes += SampleBytes + (sample.Record?.Envelope.Length ?? 0);
        }

        var frame = Urgent(to);
        if (frame.Samples.Count > 0 || frame.SizeEstimate + bytes > options.FrameBytes)
        {
            frame = Page(to);
        }

        frame.Samples.AddRange(samples);
        frame.IsSampleAnswer = isAnswer;
        frame.SizeEstimate += bytes;
    }

    /// <summary>A frame of its own, as long as it needs to be.</summary>
    internal Frame Page(ulong to)
    {
        var frame = New();
        _closed.Enqueue((to, frame));
        return frame;
    }

    /// <summary>A frame to whoever listens at an address.</summary>
    internal Frame Stranger(Multiaddr address)
    {
        var frame = New();
        _strangers.Enqueue(new Outgoing(null, address, frame));
        return frame;
    }

    /// <summary>Closes the urgent frames.</summary>
    internal void CloseUrgent()
    {
        foreach (var to in _urgent)
        {
            if (_open.Remove(to, out var frame))
            {
                _closed.Enqueue((to, frame));
            }
        }

        _urgent.Clear();
    }

    /// <summary>Closes all frames.</summary>
    internal void CloseAll()
    {
        foreach (var (to, frame) in _open)
        {
            _closed.Enqueue((to, frame));
        }

        _open.Clear();
        _urgent.Clear();
    }

    internal bool TryTakeStranger(out Outgoing outgoing) => _strangers.TryDequeue(out outgoing);

    internal bool TryTake(out ulong to, out Frame frame)
    {
        var any = _closed.TryDequeue(out var next);
        (to, frame) = next;
        return any;
    }

    private Frame New() => new() { From = self, SizeEstimate = FrameOverhead };
}

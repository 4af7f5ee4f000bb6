using Wetware.Capnp;
using Wetware.Protocol.Queues;
using Wire = Wetware.Protocol.Queues.Generated;

namespace Wetware.Queue;

/// <summary>Answers questions about a state without changing it.</summary>
internal sealed class QueryHandler : IDisposable
{
    private const int AnswerBytesFirst = 64 << 10;

    private readonly MessageOutput _output = new(AnswerBytesFirst);
    private readonly int[] _found = new int[QueueLimits.ScanCountMax];

    public void Dispose() => _output.Dispose();

    /// <summary>The answer's bytes, valid until the next.</summary>
    /// <exception cref="DecodeException">The query is malformed.</exception>
    public ReadOnlySpan<byte> Answer(QueueState state, Wire.Query.Reader query)
    {
        switch (query.Which)
        {
            case Wire.Query.Which.Find:
                Find(state, query.Find.Utf8);
                break;
            case Wire.Query.Which.Stats:
                Stats(state, new TopicId(query.Stats));
                break;
            case Wire.Query.Which.Scan:
                Scan(state, query.Scan);
                break;
            case Wire.Query.Which.Topics:
                Topics(state);
                break;
            default:
                return Refuse(state, QueueStatus.Malformed);
        }

        return _output.Bytes;
    }

    public ReadOnlySpan<byte> Refuse(QueueState state, QueueStatus status)
    {
        var answer = Begin(state);
        answer.Status = (Wire.Status)status;
        _output.Finish();
        return _output.Bytes;
    }

    internal static void Fill(Wire.Stats.Builder wire, in TopicStats stats)
    {
        wire.Ready = stats.Ready;
        wire.Delayed = stats.Delayed;
        wire.Leased = stats.Leased;
        wire.Dead = stats.Dead;
        wire.Accepted = stats.Accepted;
        wire.Acked = stats.Acked;
        wire.Dropped = stats.Dropped;
        wire.Duplicates = stats.Duplicates;
        wire.Refused = stats.Refused;
        wire.Expired = stats.Expired;
        wire.Nacked = stats.Nacked;
    }

    private Wire.Answer.Builder Begin(QueueState state)
    {
        var answer = _output.Begin<Wire.Answer.Builder>();
        answer.Clock = state.Clock;
        return answer;
    }

    private void Find(QueueState state, ReadOnlySpan<byte> name)
    {
        if (state.Find(name) is not { } topic)
        {
            Refuse(state, QueueStatus.TopicUnknown);
            return;
        }

        var answer = Begin(state);
        answer.Topic = (uint)topic.Number;
        _output.Finish();
    }

    private void Stats(QueueState state, TopicId id)
    {
        if (state.Find(id) is not { } topic)
        {
            Refuse(state, QueueStatus.TopicUnknown);
            return;
        }

        Fill(Begin(state).InitStats(), topic.Stats);
        _output.Finish();
    }

    private void Topics(QueueState state)
    {
        var list = Begin(state).InitTopics(state.Topics.Count);
        for (var i = 0; i < state.Topics.Count; i++)
        {
            var entry = list[i];
            entry.Topic = (uint)state.Topics[i].Number;
            entry.SetName(state.Topics[i].Name);
            Fill(entry.InitStats(), state.Topics[i].Stats);
        }

        _output.Finish();
    }

    private void Scan(QueueState state, Wire.Query.Scan.Reader scan)
    {
        if (state.Find(new TopicId(scan.Topic)) is not { } topic)
        {
            Refuse(state, QueueStatus.TopicUnknown);
            return;
        }

        var count = Collect(state, topic, scan, out var next);
        var entries = Begin(state).InitEntries();
        entries.Next = next;
        var list = entries.InitList(count);
        for (var i = 0; i < count; i++)
        {
            ref readonly var message = ref state.Messages[_found[i]];
            var entry = list[i];
            entry.Offset = message.Offset;
            entry.State = (ushort)message.State;
            entry.Attempts = message.Attempts;
            entry.SetPayload(state.Payloads.Read(message.Payload));
        }

        _output.Finish();
    }

    private int Collect(QueueState state, Topic topic, Wire.Query.Scan.Reader scan, out ulong next)
    {
        var countMax = (int)Math.Min(scan.Count, QueueLimits.ScanCountMax);
        var bytesMax = scan.Bytes is 0 or > QueueLimits.ScanBytesMax ? QueueLimits.ScanBytesMax : (int)scan.Bytes;
        var count = 0;
        var bytes = 0;
        next = scan.From;
        while (count < countMax && topic.Index.FindFrom(next) is not 0 and var slot)
        {
            ref readonly var message = ref state.Messages[slot];
            if (!scan.DeadOnly || message.State == MessageState.Dead)
            {
                bytes += message.Payload.Length;
                if (count > 0 && bytes > bytesMax)
                {
                    break;
                }

                _found[count++] = slot;
            }

            next = message.Offset + 1;
        }

        return count;
    }
}

using System.Buffers;
using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// The machine's whole replicated state as bytes: clock, topics with their keys and messages, sessions with their replies, the digest,
/// and a checksum. Loading recomputes the digest, which proves that nothing was lost on the way.
/// </summary>
internal static class QueueSnapshot
{
    private const uint Magic = 0x3151_5757; // "WWQ1"
    private const int TopicBytesMin = 80;
    private const int MessageBytesMin = 41;
    private const int SessionBytesMin = 16 + (12 * QueueLimits.SessionWindow);

    public static void Save(LogIndex applied, FrozenState state, FrozenSessions sessions, ulong digest, IBufferWriter<byte> output)
    {
        var writer = new SnapshotWriter(output);
        writer.UInt32(Magic);
        writer.UInt64(applied.Value);
        writer.UInt64(state.Clock);
        writer.UInt32((uint)state.Topics.Length);
        foreach (var topic in state.Topics)
        {
            SaveTopic(ref writer, state, topic);
        }

        SaveSessions(ref writer, sessions);
        writer.UInt64(digest);
        writer.Seal();
    }

    /// <summary>Fills a new state and new sessions; returns the index that they stand at and the digest they must have.</summary>
    public static (LogIndex Applied, ulong Digest) Load(in ReadOnlySequence<byte> snapshot, QueueState state, SessionTable sessions)
    {
        var reader = new SnapshotReader(snapshot);
        SnapshotReader.Require(reader.UInt32() == Magic, "this is no queue snapshot of a known version");
        var applied = new LogIndex(reader.UInt64());
        var clock = reader.UInt64();
        SnapshotReader.Require(clock <= QueueLimits.TimeMillisecondsMax, "the snapshot's clock is out of range");
        state.RestoreClock(clock);
        var topics = reader.Count(QueueLimits.TopicsMax, TopicBytesMin);
        var buffer = ArrayPool<byte>.Shared.Rent(Limits.ArenaChunkBytes);
        try
        {
            for (var i = 0; i < topics; i++)
            {
                LoadTopic(ref reader, state, buffer.AsSpan(0, QueueLimits.PayloadBytesMax));
            }

            LoadSessions(ref reader, sessions, clock, buffer.AsSpan(0, QueueLimits.ReplyBytesMax));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        state.Seal();
        var digest = reader.UInt64();
        SnapshotReader.Require(reader.AtEnd, "the snapshot goes on after its end");
        return (applied, digest);
    }

    private static void SaveTopic(ref SnapshotWriter writer, FrozenState state, FrozenTopic topic)
    {
        writer.Bytes(topic.Name);
        writer.Byte(topic.Options.Dedupe ? (byte)1 : (byte)0);
        writer.UInt32(topic.Options.AttemptsMax);
        writer.UInt64(topic.Options.AcceptedMax);
        writer.UInt64(topic.Options.MessagesMax);
        foreach (var counter in topic.Counters)
        {
            writer.UInt64(counter);
        }

        writer.UInt32(topic.KeyCount);
        for (var i = 0; i < topic.Keys?.Length; i++)
        {
            if (topic.Keys[i] != UInt128.Zero)
            {
                writer.UInt128(topic.Keys[i]);
            }
        }

        writer.UInt32(topic.Live);
        for (var slot = topic.Index.FindFrom(0); slot != 0; slot = topic.Index.FindFrom(state.Messages[slot].Offset + 1))
        {
            SaveMessage(ref writer, state, state.Messages[slot]);
        }
    }

    private static void SaveMessage(ref SnapshotWriter writer, FrozenState state, in Message message)
    {
        writer.UInt64(message.Offset);
        writer.Byte((byte)message.State);
        writer.UInt64(message.Order);
        writer.UInt64(message.At);
        writer.UInt32(message.Lease);
        writer.UInt32(message.Attempts);
        writer.Bytes(state.Payloads.Read(message.Payload));
    }

    private static void SaveSessions(ref SnapshotWriter writer, FrozenSessions sessions)
    {
        writer.UInt64(sessions.NextId);
        writer.UInt32((uint)sessions.All.Length);
        foreach (var session in sessions.All)
        {
            writer.UInt64(session.Id);
            writer.UInt64(session.LastUsed);
            for (var place = 0; place < QueueLimits.SessionWindow; place++)
            {
                writer.UInt64(session.Sequences[place]);
                writer.Bytes(sessions.Reply(session, place));
            }
        }
    }

    private static void LoadTopic(ref SnapshotReader reader, QueueState state, Span<byte> buffer)
    {
        var name = reader.Bytes(buffer[..QueueLimits.TopicNameBytesMax]);
        SnapshotReader.Require(!name.IsEmpty && state.Find(name) is null, "the snapshot names a topic twice, or not at all");
        var nameCopy = name.ToArray();
        var dedupe = reader.Byte();
        SnapshotReader.Require(dedupe <= 1, "the snapshot's topic options are unknown");
        var attemptsMax = reader.UInt32();
        var options = new TopicOptions(dedupe == 1, reader.UInt64(), attemptsMax, reader.UInt64());
        var topic = state.AddTopic(nameCopy, options);
        topic.NextOffset = reader.UInt64();
        topic.NextOrder = reader.UInt64();
        topic.Acked = reader.UInt64();
        topic.Dropped = reader.UInt64();
        topic.Duplicates = reader.UInt64();
        topic.Refused = reader.UInt64();
        topic.Expired = reader.UInt64();
        topic.Nacked = reader.UInt64();
        LoadKeys(ref reader, topic);
        LoadMessages(ref reader, state, topic, buffer);
    }

    private static void LoadKeys(ref SnapshotReader reader, Topic topic)
    {
        var count = reader.Count(topic.Keys is null ? 0 : QueueLimits.KeysMax, bytesEach: 16);
        for (var i = 0; i < count; i++)
        {
            var key = reader.UInt128();
            SnapshotReader.Require(key != UInt128.Zero && topic.Keys!.Add(key), "the snapshot holds a key twice");
        }
    }

    private static void LoadMessages(ref SnapshotReader reader, QueueState state, Topic topic, Span<byte> buffer)
    {
        var count = reader.Count(QueueLimits.MessagesMax - state.Messages.Count, MessageBytesMin);
        var line = new List<(ulong Order, int Slot)>();
        var least = 0UL;
        var first = ulong.MaxValue;
        for (var i = 0; i < count; i++)
        {
            var message = new Message
            {
                Offset = reader.UInt64(),
                State = (MessageState)reader.Byte(),
                Order = reader.UInt64(),
                At = reader.UInt64(),
                Lease = reader.UInt32(),
                Attempts = reader.UInt32(),
            };
            first = Math.Min(first, message.Offset);
            SnapshotReader.Require(message.Offset >= least && message.Offset < topic.NextOffset, "the snapshot's messages are out of order");
            SnapshotReader.Require(message.Offset - first <= QueueLimits.OffsetSpanMax, "the snapshot's messages are too far apart");
            SnapshotReader.Require(IsConsistent(message, topic, state.Clock), "the snapshot holds a message in an impossible state");
            least = message.Offset + 1;
            var payload = reader.Bytes(buffer);
            SnapshotReader.Require(state.Payloads.BytesUsed + payload.Length <= QueueLimits.PayloadBytesTotalMax, "the snapshot holds too much");
            var slot = state.RestoreMessage(topic, message, payload);
            if (message.State == MessageState.Ready)
            {
                line.Add((message.Order, slot));
            }
        }

        line.Sort();
        for (var i = 0; i < line.Count; i++)
        {
            SnapshotReader.Require(i == 0 || line[i].Order != line[i - 1].Order, "two messages have the same place in line");
            state.RestoreReady(topic, line[i].Slot);
        }
    }

    private static bool IsConsistent(in Message message, Topic topic, ulong clock) => message.State switch
    {
        MessageState.Ready => message.At == 0 && message.Order > 0 && message.Order < topic.NextOrder,
        MessageState.Delayed => message.Order == 0 && IsAhead(message.At, clock),
        MessageState.Leased => message.Order == 0 && IsAhead(message.At, clock) && message is { Lease: > 0, Attempts: > 0 },
        MessageState.Dead => message is { Order: 0, At: 0 },
        _ => false,
    };

    private static bool IsAhead(ulong at, ulong clock) => at > clock && at <= clock + QueueLimits.DelayMillisecondsMax;

    private static void LoadSessions(ref SnapshotReader reader, SessionTable sessions, ulong clock, Span<byte> buffer)
    {
        var nextId = reader.UInt64();
        sessions.RestoreNextId(nextId);
        var count = reader.Count(QueueLimits.SessionsMax, SessionBytesMin);
        var used = 0UL;
        var kept = 0L;
        for (var i = 0; i < count; i++)
        {
            var id = reader.UInt64();
            var lastUsed = reader.UInt64();
            SnapshotReader.Require(id > 0 && id < nextId && sessions.Find(id) is null, "the snapshot's sessions are misnumbered");
            SnapshotReader.Require(lastUsed >= used && lastUsed <= clock, "the snapshot's sessions are out of order");
            used = lastUsed;
            var session = sessions.Restore(id, lastUsed);
            for (var place = 0; place < QueueLimits.SessionWindow; place++)
            {
                var sequence = reader.UInt64();
                var reply = reader.Bytes(buffer);
                kept += reply.Length;
                SnapshotReader.Require(kept <= QueueLimits.SessionBytesTotalMax, "the snapshot's sessions hold too much");
                if (sequence == 0)
                {
                    SnapshotReader.Require(reply.IsEmpty, "the snapshot holds a reply to no command");
                    continue;
                }

                SnapshotReader.Require(sequence % QueueLimits.SessionWindow == (ulong)place, "the snapshot's replies are misplaced");
                sessions.Keep(session, sequence, reply);
            }
        }
    }
}

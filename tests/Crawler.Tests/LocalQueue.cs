using System.Buffers;
using Wetware.Core;
using Wetware.Crawler.Fetch;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Crawler.Tests;

/// <summary>One queue machine in memory, and a way to make its answers get lost.</summary>
internal sealed class LocalQueue : IQueueSession, IDisposable
{
    private readonly Lock _lock = new();
    private readonly QueueMachine _machine = new();

    /// <summary>Asked before each command; true: it takes effect, but its answer is lost.</summary>
    public Func<QueueCommand, bool>? LosesAnswer { get; set; }

    public void Dispose() => _machine.Dispose();

    public ValueTask<QueueReply> ExecuteAsync(QueueCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reply = Execute(command);
        return LosesAnswer?.Invoke(command) == true
            ? throw new WetwareException(FailureReason.Unavailable, "the answer got lost")
            : ValueTask.FromResult(reply);
    }

    public QueueReply Execute(QueueCommand command)
    {
        var bytes = new ArrayBufferWriter<byte>();
        QueueCodec.Encode(command, (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 0, 0, bytes);
        var reply = new ArrayBufferWriter<byte>();
        lock (_lock)
        {
            _machine.Apply(_machine.Applied.Next, bytes.WrittenSpan, reply);
        }

        return QueueCodec.DecodeReply(reply.WrittenMemory);
    }

    public TopicStats Stats(TopicId topic)
    {
        lock (_lock)
        {
            return _machine.Stats(topic)!.Value;
        }
    }

    /// <summary>All results, read without a lease.</summary>
    public List<PageItem> Results(TopicId topic)
    {
        var items = new List<PageItem>();
        for (var from = 0UL; ;)
        {
            var question = new ArrayBufferWriter<byte>();
            QueueCodec.Encode(QueueQuery.Scan(topic, from, 100), question);
            var answer = new ArrayBufferWriter<byte>();
            lock (_lock)
            {
                _machine.Query(question.WrittenSpan, answer);
            }

            var page = QueueCodec.DecodeAnswer(answer.WrittenMemory);
            if (page.Entries.Count == 0)
            {
                return items;
            }

            foreach (var entry in page.Entries)
            {
                Assert.True(PageItemCodec.TryDecode(entry.Payload, out var item));
                items.Add(item);
            }

            from = page.Next;
        }
    }
}

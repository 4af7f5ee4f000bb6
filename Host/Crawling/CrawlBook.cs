using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Wetware.Core.Multiformats;
using Wetware.Crawler;
using Wetware.Crawler.Fetch;
using Wetware.Host.Client;
using Wetware.Queue;

namespace Wetware.Host.Crawling;

/// <summary>What the replicated queues say about crawls, and the commands that start and cancel one. Safe for concurrent use.</summary>
/// <param name="queue">Carries out commands, exactly once each.</param>
/// <param name="read">Answers a query: linearizable, or from this replica as it is.</param>
internal sealed class CrawlBook(ICrawlQueue queue, Func<ReadOnlyMemory<byte>, bool, Task<byte[]>> read)
{
    /// <summary>A lease that was lost with its node counts as a try, so there are two more than a site's own trouble would need.</summary>
    private static readonly RetryPolicy s_retry = RetryPolicy.Default with { AttemptsMax = RetryPolicy.Default.AttemptsMax + 2 };

    public async Task<ulong> StartAsync(CrawlRequest request, CancellationToken cancellation)
    {
        var topic = await TopicAsync(CrawlNames.Crawls, default, cancellation).ConfigureAwait(false);
        var reply = await queue.ExecuteAsync(
            QueueCommand.Transact(QueueOperation.Enqueue(topic, CrawlSpecCodec.Encode(request))), cancellation).ConfigureAwait(false);
        Require(reply);
        return reply.Outcomes[0].Offset + 1;
    }

    /// <summary>Puts a program where every node finds it; doing it again changes nothing.</summary>
    public async Task PutRomAsync(Cid cid, ReadOnlyMemory<byte> rom, CancellationToken cancellation)
    {
        var topic = await TopicAsync(CrawlNames.Rom(cid), new TopicOptions(Dedupe: true), cancellation).ConfigureAwait(false);
        for (var at = 0; at < rom.Length; at += Limits.CrawlRomPieceBytes)
        {
            var key = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(key, at);
            var piece = rom.Slice(at, Math.Min(Limits.CrawlRomPieceBytes, rom.Length - at));
            Require(await queue.ExecuteAsync(QueueCommand.Transact(QueueOperation.Enqueue(topic, key, piece)), cancellation).ConfigureAwait(false));
        }
    }

    /// <summary>A program as this replica has it; null if it has not all of it.</summary>
    public async Task<byte[]?> RomAsync(Cid cid)
    {
        if (await FindAsync(CrawlNames.Rom(cid), isLinear: false).ConfigureAwait(false) is not { } topic)
        {
            return null;
        }

        using var rom = new MemoryStream();
        var from = 0ul;
        while (rom.Length <= Limits.CrawlRomBytesMax)
        {
            var answer = await AskAsync(QueueQuery.Scan(topic, from, Queue.Limits.ScanCountMax), isLinear: false).ConfigureAwait(false);
            if (answer.Entries.Count == 0)
            {
                break;
            }

            foreach (var entry in answer.Entries)
            {
                rom.Write(entry.Payload.Span);
            }

            from = answer.Next;
        }

        var bytes = rom.ToArray();
        return Cid.Of(bytes) == cid ? bytes : null;
    }

    public async Task CancelAsync(ulong id, CancellationToken cancellation)
    {
        var topic = await TopicAsync(CrawlNames.Cancelled, new TopicOptions(Dedupe: true), cancellation).ConfigureAwait(false);
        var key = Encoding.UTF8.GetBytes(id.ToString(CultureInfo.InvariantCulture));
        Require(await queue.ExecuteAsync(QueueCommand.Transact(QueueOperation.Enqueue(topic, key, key)), cancellation).ConfigureAwait(false));
    }

    /// <summary>Makes a crawl's topics and puts its seeds into them; doing it again changes nothing.</summary>
    public async Task<CrawlPlan> PrepareAsync(ulong id, CrawlRequest request, string productToken, CancellationToken cancellation)
    {
        var seeds = CrawlSpecCodec.Seeds(request);
        var urls = await TopicAsync(CrawlNames.Urls(id), CrawlPlan.UrlTopic(request.PagesMax), cancellation).ConfigureAwait(false);
        var results = await TopicAsync(CrawlNames.Results(id), CrawlPlan.ResultsTopic, cancellation).ConfigureAwait(false);
        var enqueue = seeds.Select(seed => QueueOperation.Enqueue(
            urls, Encoding.UTF8.GetBytes(seed.Text), CrawlCodec.Encode(new UrlTask(seed, 0, "")))).ToArray();
        Require(await queue.ExecuteAsync(QueueCommand.Transact(enqueue), cancellation).ConfigureAwait(false));
        return new CrawlPlan(urls, results, new CrawlScope(seeds, request.Hosts, request.DepthMax), s_retry, productToken);
    }

    /// <summary>The specifications of crawls from a number on.</summary>
    public async Task<IReadOnlyList<(ulong Id, CrawlRequest Request)>> SpecsAsync(ulong from, bool isLinear)
    {
        var found = new List<(ulong, CrawlRequest)>();
        if (await FindAsync(CrawlNames.Crawls, isLinear).ConfigureAwait(false) is not { } topic)
        {
            return found;
        }

        var answer = await AskAsync(QueueQuery.Scan(topic, from - 1, Queue.Limits.ScanCountMax), isLinear).ConfigureAwait(false);
        foreach (var entry in answer.Entries)
        {
            if (CrawlSpecCodec.Decode(entry.Payload) is { } request)
            {
                found.Add((entry.Offset + 1, request));
            }
        }

        return found;
    }

    public async Task<CrawlStatus> StatusAsync(ulong id, CrawlRequest request, bool isLinear)
    {
        var topics = (await AskAsync(QueueQuery.Topics, isLinear).ConfigureAwait(false)).Topics;
        var urls = Stats(topics, CrawlNames.Urls(id));
        var results = Stats(topics, CrawlNames.Results(id));
        // Acking a URL and enqueueing what it links to is one command, so once nothing is open nothing ever will be.
        var state = await IsCancelledAsync(id, isLinear).ConfigureAwait(false) ? CrawlState.Cancelled
            : urls.Accepted > 0 && urls.Open == 0 ? CrawlState.Done
            : CrawlState.Running;
        return new CrawlStatus(
            id, request.Seeds, state, urls.Ready + urls.Delayed, urls.Leased, urls.Accepted, results.Accepted, urls.Duplicates, urls.Nacked + urls.Expired);
    }

    /// <summary>A page of results from an offset on, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<ScannedMessage> Entries, ulong Next)> ResultsAsync(ulong id, ulong from)
    {
        if (await FindAsync(CrawlNames.Results(id), isLinear: true).ConfigureAwait(false) is not { } topic)
        {
            return ([], from);
        }

        var answer = await AskAsync(QueueQuery.Scan(topic, from, Limits.ResultsPageMax), isLinear: true).ConfigureAwait(false);
        return (answer.Entries, answer.Next);
    }

    private static TopicStats Stats(IReadOnlyList<TopicInfo> topics, string name)
    {
        foreach (var topic in topics)
        {
            if (topic.Name == name)
            {
                return topic.Stats;
            }
        }

        return default;
    }

    private static void Require(QueueReply reply)
    {
        if (reply.Status != QueueStatus.Ok)
        {
            throw new QueueUnavailableException($"the queue answered {reply.Status}");
        }
    }

    private async Task<bool> IsCancelledAsync(ulong id, bool isLinear)
    {
        if (await FindAsync(CrawlNames.Cancelled, isLinear).ConfigureAwait(false) is not { } topic)
        {
            return false;
        }

        var answer = await AskAsync(QueueQuery.Scan(topic, 0, Queue.Limits.ScanCountMax), isLinear).ConfigureAwait(false);
        return answer.Entries.Any(entry => Encoding.UTF8.GetString(entry.Payload.Span) == id.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<TopicId> TopicAsync(string name, TopicOptions options, CancellationToken cancellation)
    {
        var reply = await queue.ExecuteAsync(QueueCommand.CreateTopic(name, options), cancellation).ConfigureAwait(false);
        Require(reply);
        return reply.Topic;
    }

    private async Task<TopicId?> FindAsync(string name, bool isLinear)
    {
        var answer = await AskAsync(QueueQuery.Find(name), isLinear).ConfigureAwait(false);
        return answer.Status == QueueStatus.Ok ? answer.Topic : null;
    }

    private async Task<QueueAnswer> AskAsync(QueueQuery query, bool isLinear)
    {
        var bytes = new ArrayBufferWriter<byte>();
        QueueCodec.Encode(query, bytes);
        return QueueCodec.DecodeAnswer(await read(bytes.WrittenMemory, isLinear).ConfigureAwait(false));
    }
}

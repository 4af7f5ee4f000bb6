using System.Buffers;
using System.Globalization;
using System.Text;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Crawler;
using Wetware.Crawler.Fetch;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Host.Services.Crawling;

/// <summary>What the replicated queues say about crawls, and the commands that start and cancel one. Safe for concurrent use.</summary>
/// <param name="queue">Carries out commands, exactly once each.</param>
/// <param name="read">Answers a query: linearizable, or from this replica as it is.</param>
internal sealed class CrawlBook(IQueueSession queue, Func<ReadOnlyMemory<byte>, bool, Task<byte[]>> read)
{
    /// <summary>A lease that was lost with its node counts as a try, so there are two more than a site's own trouble would need.</summary>
    private static readonly RetryPolicy s_retry = RetryPolicy.Default with { AttemptsMax = RetryPolicy.Default.AttemptsMax + 2 };

    /// <summary>Pieces of programs have one attempt, which nobody means to use.</summary>
    private static readonly TopicOptions s_roms = new(AttemptsMax: 1);

    public async Task<ulong> StartAsync(CrawlRequest request, CancellationToken cancellation)
    {
        var topic = await TopicAsync(CrawlNames.Crawls, default, cancellation).ConfigureAwait(false);
        var reply = await queue.ExecuteAsync(
            QueueCommand.Transact(QueueOperation.Enqueue(topic, CrawlSpecCodec.Encode(request))), cancellation).ConfigureAwait(false);
        Require(reply);
        return reply.Outcomes[0].Offset + 1;
    }

    /// <summary>Puts a program where every node finds it, until it is released.</summary>
    /// <returns>Where its pieces are.</returns>
    public async Task<IReadOnlyList<ulong>> PutRomAsync(ReadOnlyMemory<byte> rom, CancellationToken cancellation)
    {
        var topic = await TopicAsync(CrawlNames.Roms, s_roms, cancellation).ConfigureAwait(false);
        var pieces = new List<ulong>();
        for (var at = 0; at < rom.Length; at += Limits.CrawlRomPieceBytes)
        {
            var piece = rom.Slice(at, Math.Min(Limits.CrawlRomPieceBytes, rom.Length - at));
            var reply = await queue.ExecuteAsync(QueueCommand.Transact(QueueOperation.Enqueue(topic, piece)), cancellation).ConfigureAwait(false);
            Require(reply);
            pieces.Add(reply.Outcomes[0].Offset);
        }

        // Their only attempt ends with the lease: then they are dead, and can be dropped one by one.
        QueueReply leased;
        do
        {
            leased = await queue.ExecuteAsync(
                QueueCommand.Lease(topic, QueueLimits.LeaseCountMax, visibilityMilliseconds: 1, Limits.CrawlRomPieceBytes), cancellation).ConfigureAwait(false);
            Require(leased);
        }
        while (leased.Messages.Count > 0);

        return pieces;
    }

    /// <summary>A program as this replica has it; null if it has not all of it.</summary>
    public async Task<byte[]?> RomAsync(Cid cid, IReadOnlyList<ulong> pieces)
    {
        if (await FindAsync(CrawlNames.Roms, isLinear: false).ConfigureAwait(false) is not { } topic)
        {
            return null;
        }

        using var rom = new MemoryStream();
        foreach (var piece in pieces)
        {
            if (await PieceAsync(topic, piece).ConfigureAwait(false) is not { } bytes || rom.Length + bytes.Length > Limits.CrawlRomBytesMax)
            {
                return null;
            }

            rom.Write(bytes.Span);
        }

        var all = rom.ToArray();
        return Cid.Of(all) == cid ? all : null;
    }

    /// <summary>Gives up a program that no crawl needs any more; doing it again changes nothing.</summary>
    public async Task ReleaseRomAsync(IReadOnlyList<ulong> pieces, CancellationToken cancellation)
    {
        if (pieces.Count > 0
            && await FindAsync(CrawlNames.Roms, isLinear: false).ConfigureAwait(false) is { } topic
            && await PieceAsync(topic, pieces[0]).ConfigureAwait(false) is not null)
        {
            // All go or none does; if none, another node was faster.
            await queue.ExecuteAsync(QueueCommand.Transact([.. pieces.Select(piece => QueueOperation.Drop(topic, piece))]), cancellation).ConfigureAwait(false);
        }
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
        var seeds = CrawlRequests.Seeds(request);
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

        var answer = await AskAsync(QueueQuery.Scan(topic, from - 1, QueueLimits.ScanCountMax), isLinear).ConfigureAwait(false);
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

    private async Task<ReadOnlyMemory<byte>?> PieceAsync(TopicId topic, ulong offset)
    {
        var answer = await AskAsync(QueueQuery.Scan(topic, offset, count: 1), isLinear: false).ConfigureAwait(false);
        return answer.Entries.Count == 1 && answer.Entries[0].Offset == offset ? answer.Entries[0].Payload : null;
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
            throw new WetwareException(FailureReason.Unavailable, $"the queue answered {reply.Status}");
        }
    }

    private async Task<bool> IsCancelledAsync(ulong id, bool isLinear)
    {
        if (await FindAsync(CrawlNames.Cancelled, isLinear).ConfigureAwait(false) is not { } topic)
        {
            return false;
        }

        var answer = await AskAsync(QueueQuery.Scan(topic, 0, QueueLimits.ScanCountMax), isLinear).ConfigureAwait(false);
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

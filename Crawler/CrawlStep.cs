using System.Security.Cryptography;
using System.Text;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Crawler;

/// <summary>
/// Decides what a visit means for the queue, as a function: either one transaction that acks the URL, adds the links it found and appends
/// its result, or one that hands the URL back for another try. Since that transaction is all or nothing, a URL is either still to be
/// done or done with its links and its result, whatever dies when.
/// </summary>
public static class CrawlStep
{
    /// <summary>The command that starts a crawl: its seeds, at depth zero. Seeds out of scope are left out.</summary>
    public static QueueCommand Seed(CrawlPlan plan, IEnumerable<CanonicalUrl> seeds)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(seeds);
        var operations = new List<QueueOperation>();
        foreach (var seed in seeds.Distinct())
        {
            if (plan.Scope.Contains(seed, depth: 0))
            {
                operations.Add(Enqueue(plan, new UrlTask(seed, Depth: 0, Referrer: "")));
            }
        }

        return QueueCommand.Transact(operations);
    }

    /// <summary>What to do after a visit.</summary>
    /// <param name="plan">The crawl.</param>
    /// <param name="lease">The leased message.</param>
    /// <param name="task">What it says.</param>
    /// <param name="visit">What came of it.</param>
    public static CrawlDecision Decide(CrawlPlan plan, in LeasedMessage lease, UrlTask task, Visit visit)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(visit);
        if (plan.Retry.ShouldRetry(visit, lease.Attempts, task.Url, out var delay))
        {
            return new CrawlDecision(QueueCommand.Transact(QueueOperation.Nack(plan.Urls, lease.Token, delay)), Item: null, Links: 0);
        }

        var mediaType = ContentType.MediaTypeOf(visit.ContentType);
        var page = visit.IsPage && ContentType.IsHtml(mediaType) ? Read(plan, visit) : PageLinks.None;
        var links = Choose(plan, task, page.Links);
        var item = Describe(lease, task, visit, mediaType, page, links.Count);
        var operations = new List<QueueOperation>(links.Count + 2) { QueueOperation.Ack(plan.Urls, lease.Token) };
        operations.AddRange(links.Select(link => Enqueue(plan, new UrlTask(link, task.Depth + 1, task.Url.Text))));
        operations.Add(Append(plan, item));
        return new CrawlDecision(QueueCommand.Transact(operations), item, links.Count);
    }

    /// <summary>What to do with a message that is no URL task: it is done, and the results say so.</summary>
    public static CrawlDecision Discard(CrawlPlan plan, in LeasedMessage lease)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"message {lease.Token.Offset}");
        var item = new PageItem
        {
            Url = name,
            FinalUrl = name,
            Outcome = PageOutcome.Refused,
            Attempts = lease.Attempts,
            Error = Explain(FetchProblem.TaskBroken),
        };
        return new CrawlDecision(QueueCommand.Transact(QueueOperation.Ack(plan.Urls, lease.Token), Append(plan, item)), item, Links: 0);
    }

    /// <summary>The words for a problem that a result carries.</summary>
    public static string Explain(FetchProblem problem) => problem switch
    {
        FetchProblem.None => "",
        FetchProblem.RobotsDisallow => "robots.txt forbids it",
        FetchProblem.RobotsUnreachable => "robots.txt is unreachable",
        FetchProblem.OutOfScope => "redirected out of scope",
        FetchProblem.RedirectLoop => "redirects in a circle",
        FetchProblem.RedirectsTooMany => "too many redirects",
        FetchProblem.RedirectBroken => "redirected to no URL",
        FetchProblem.ContentTypeUnwanted => "content type not wanted",
        FetchProblem.TooLarge => "larger than the limit",
        FetchProblem.Timeout => "timed out",
        FetchProblem.ConnectFailed => "no connection",
        FetchProblem.NameUnknown => "host name unknown",
        FetchProblem.TlsFailed => "TLS failed",
        FetchProblem.ProtocolBroken => "the connection broke",
        _ => "not a URL task",
    };

    /// <summary>The links that the page adds to the crawl: in scope, and no more than one command can hold.</summary>
    private static List<CanonicalUrl> Choose(CrawlPlan plan, UrlTask task, IReadOnlyList<CanonicalUrl> found)
    {
        var links = new List<CanonicalUrl>(found.Count);
        var room = Limits.LinkBytesPerPageMax;
        foreach (var link in found)
        {
            // Canonical URLs are ASCII: a character is a byte.
            var bytes = (link.Text.Length * 2) + task.Url.Text.Length + Limits.LinkOverheadBytes;
            if (bytes <= room && !link.Equals(task.Url) && plan.Scope.Contains(link, task.Depth + 1))
            {
                links.Add(link);
                room -= bytes;
            }
        }

        return links;
    }

    private static PageLinks Read(CrawlPlan plan, Visit visit)
    {
        var html = Charset.Decode(visit.Body.Span, ContentType.CharsetOf(visit.ContentType));
        var page = LinkExtractor.Extract(html, visit.FinalUrl, plan.ProductToken);
        var (noIndex, noFollow) = LinkExtractor.ReadDirectives(visit.RobotsTag);
        return page with
        {
            NoIndex = page.NoIndex || noIndex,
            NoFollow = page.NoFollow || noFollow,
            Links = noFollow ? [] : page.Links,
        };
    }

    private static PageItem Describe(in LeasedMessage lease, UrlTask task, Visit visit, string mediaType, PageLinks page, int links) => new()
    {
        Url = task.Url.Text,
        FinalUrl = visit.FinalUrl.Text,
        Outcome = OutcomeOf(visit),
        Status = visit.Status,
        Depth = task.Depth,
        Redirects = visit.Redirects,
        Attempts = lease.Attempts,
        Title = page.Title,
        ContentType = mediaType,
        Length = (ulong)visit.Body.Length,
        ContentHash = visit.IsPage ? SHA256.HashData(visit.Body.Span) : default,
        Links = (uint)links,
        FetchedAt = visit.FetchedAt,
        ElapsedMilliseconds = visit.ElapsedMilliseconds,
        Error = visit.Problem != FetchProblem.None || visit.IsPage
            ? Explain(visit.Problem)
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"status {visit.Status}"),
        Referrer = task.Referrer,
        NoIndex = page.NoIndex,
        Extracted = visit.Extract.Item,
        ExtractError = TextCut.At(visit.Extract.Error, Limits.TextCharactersMax),
    };

    private static PageOutcome OutcomeOf(Visit visit) => visit.Problem switch
    {
        FetchProblem.None => visit.IsPage ? PageOutcome.Page : PageOutcome.Failed,
        FetchProblem.RobotsDisallow or FetchProblem.OutOfScope or FetchProblem.ContentTypeUnwanted or FetchProblem.TooLarge
            or FetchProblem.RedirectsTooMany => PageOutcome.Refused,
        _ => PageOutcome.Failed,
    };

    private static QueueOperation Enqueue(CrawlPlan plan, UrlTask task) =>
        QueueOperation.Enqueue(plan.Urls, Encoding.UTF8.GetBytes(task.Url.Text), CrawlCodec.Encode(task));

    private static QueueOperation Append(CrawlPlan plan, PageItem item) =>
        QueueOperation.Enqueue(plan.Results, Encoding.UTF8.GetBytes(item.Url), PageItemCodec.Encode(item));
}

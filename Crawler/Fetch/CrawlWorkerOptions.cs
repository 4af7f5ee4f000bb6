using Wetware.Protocol.Queues;

namespace Wetware.Crawler.Fetch;

/// <summary>How one node works on a crawl.</summary>
public sealed record CrawlWorkerOptions
{
    /// <summary>Eight visits at a time.</summary>
    public static CrawlWorkerOptions Default { get; } = new();

    /// <summary>Visits at a time.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>How long a URL stays with the worker unless it is extended; a third of it passes between extensions.</summary>
    public TimeSpan Visibility { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The first pause when there is nothing to lease; it doubles up to <see cref="IdlePauseMax"/>.</summary>
    public TimeSpan IdlePause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest pause when there is nothing to lease, and the pause after the queue was unavailable.</summary>
    public TimeSpan IdlePauseMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Throws if an option makes no sense.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Parallelism is > 0 and <= QueueLimits.LeaseCountMax, nameof(Parallelism));
        Require(Visibility >= TimeSpan.FromMilliseconds(30) && Visibility <= TimeSpan.FromMilliseconds(QueueLimits.DelayMillisecondsMax), nameof(Visibility));
        Require(IdlePause > TimeSpan.Zero, nameof(IdlePause));
        Require(IdlePauseMax >= IdlePause, nameof(IdlePauseMax));
    }

    private static void Require(bool condition, string name)
    {
        if (!condition)
        {
            throw new ArgumentException($"the crawl worker option {name} is out of range", name);
        }
    }
}

using Wetware.Core;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Crawler.Fetch;

/// <summary>
/// Works on a crawl until it is cancelled: leases URLs, visits them, and puts into the queue what each visit means. It keeps nothing of
/// its own: a worker that dies at any point loses nothing but time, since its leases run out.
/// </summary>
public sealed class CrawlWorker
{
    private readonly CrawlPlan _plan;
    private readonly IQueueSession _queue;
    private readonly Visitor _visitor;
    private readonly CrawlWorkerOptions _options;
    private readonly ICrawlObserver? _observer;
    private readonly IItemProcessor? _processor;
    private readonly TimeProvider _time;
    private readonly uint _visibility;

    /// <summary>Makes a worker; it does nothing until <see cref="RunAsync"/>.</summary>
    public CrawlWorker(
        CrawlPlan plan,
        IQueueSession queue,
        Visitor visitor,
        CrawlWorkerOptions options,
        ICrawlObserver? observer = null,
        TimeProvider? time = null,
        IItemProcessor? processor = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _plan = plan;
        _queue = queue;
        _visitor = visitor;
        _options = options;
        _observer = observer;
        _processor = processor;
        _time = time ?? TimeProvider.System;
        _visibility = (uint)options.Visibility.TotalMilliseconds;
    }

    /// <summary>Runs until the token is cancelled, then waits for the visits under way to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var visits = new HashSet<Task>();
        var pause = _options.IdlePause;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                visits.RemoveWhere(visit => visit.IsCompletedSuccessfully);
                var leased = await LeaseAsync(_options.Parallelism - visits.Count, cancellationToken).ConfigureAwait(false);
                foreach (var message in leased)
                {
                    visits.Add(HandleAsync(message, cancellationToken));
                }

                pause = leased.Count > 0 ? _options.IdlePause : Longer(pause);
                await WaitAsync(visits, pause, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop; what is under way was asked too.
        }

        foreach (var visit in visits)
        {
            await visit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (visit.IsFaulted)
            {
                await visit.ConfigureAwait(false);
            }
        }
    }

    private TimeSpan Longer(TimeSpan pause) => pause * 2 < _options.IdlePauseMax ? pause * 2 : _options.IdlePauseMax;

    /// <summary>Waits until a visit ends, or, while there is room for more, until it is time to ask again.</summary>
    private async ValueTask WaitAsync(HashSet<Task> visits, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (visits.Count >= _options.Parallelism)
        {
            await (await Task.WhenAny(visits).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(pause, _time, enough.Token);
        var first = await Task.WhenAny(visits.Append(delay)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        if (first != delay)
        {
            // A visit that broke an invariant must not go unseen.
            await first.ConfigureAwait(false);
        }
    }

    private async ValueTask<IReadOnlyList<LeasedMessage>> LeaseAsync(int count, CancellationToken cancellationToken)
    {
        if (count == 0)
        {
            return [];
        }

        try
        {
            var reply = await _queue.ExecuteAsync(QueueCommand.Lease(_plan.Urls, count, _visibility), cancellationToken).ConfigureAwait(false);
            Require(reply, QueueStatus.Ok);
            return reply.Messages;
        }
        catch (WetwareException problem)
        {
            _observer?.QueueUnavailable(problem.Message);
            return [];
        }
    }

    private async Task HandleAsync(LeasedMessage message, CancellationToken cancellationToken)
    {
        if (!CrawlCodec.TryDecodeTask(message.Payload, out var task))
        {
            var discard = CrawlStep.Discard(_plan, message);
            if (await TryExecuteAsync(discard.Command, cancellationToken).ConfigureAwait(false) is { Status: QueueStatus.Ok })
            {
                _observer?.Completed(discard.Item!, linksNew: 0);
            }

            return;
        }

        if (await VisitAsync(message, task, cancellationToken).ConfigureAwait(false) is { } visit)
        {
            await ConcludeAsync(message, task, visit, cancellationToken).ConfigureAwait(false);
        }
        else if (!cancellationToken.IsCancellationRequested)
        {
            _observer?.LeaseLost(task);
        }
    }

    /// <summary>Visits while keeping the lease. Null if the lease was lost or the worker is to stop.</summary>
    private async ValueTask<Visit?> VisitAsync(LeasedMessage message, UrlTask task, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var visit = VisitAndProcessAsync(task, stop.Token);
        try
        {
            while (!visit.IsCompleted)
            {
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
                var third = Task.Delay(_options.Visibility / 3, _time, enough.Token);
                var first = await Task.WhenAny(visit, third).ConfigureAwait(false);
                await enough.CancelAsync().ConfigureAwait(false);
                if (first == third && !await ExtendAsync(message, cancellationToken).ConfigureAwait(false))
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }

            return await visit.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<Visit> VisitAndProcessAsync(UrlTask task, CancellationToken cancellationToken)
    {
        var visit = await _visitor.VisitAsync(task, _plan.Scope, cancellationToken).ConfigureAwait(false);
        return _processor is not null && visit.IsPage
            ? visit with { Extract = await _processor.ProcessAsync(task, visit, cancellationToken).ConfigureAwait(false) }
            : visit;
    }

    /// <summary>False if the lease is lost for certain.</summary>
    private async ValueTask<bool> ExtendAsync(LeasedMessage message, CancellationToken cancellationToken)
    {
        var extend = QueueCommand.Transact(QueueOperation.Extend(_plan.Urls, message.Token, _visibility));
        var reply = await TryExecuteAsync(extend, cancellationToken).ConfigureAwait(false);
        return reply is null or { Status: QueueStatus.Ok };
    }

    private async ValueTask ConcludeAsync(LeasedMessage message, UrlTask task, Visit visit, CancellationToken cancellationToken)
    {
        var decision = CrawlStep.Decide(_plan, message, task, visit);
        var reply = await TryExecuteAsync(decision.Command, cancellationToken).ConfigureAwait(false);
        if (reply is null)
        {
            // Whether it took effect is not known. If not, the lease runs out and the URL is visited again; the results topic counts it once.
            return;
        }

        Require(reply, QueueStatus.Ok, QueueStatus.LeaseLost, QueueStatus.Full);
        switch (reply.Status)
        {
            case QueueStatus.LeaseLost:
                _observer?.LeaseLost(task);
                break;
            case QueueStatus.Full:
                await BackOffAsync(message, cancellationToken).ConfigureAwait(false);
                break;
            default:
                if (decision.Item is { } item)
                {
                    _observer?.Completed(item, reply.Outcomes.Count(result => result.Outcome == OperationOutcome.Done) - 2);
                }
                else
                {
                    _observer?.Retried(task, visit);
                }

                break;
        }
    }

    /// <summary>There is no room for what the page adds: the URL comes again when there may be, and the visit does not count as a try.</summary>
    private async ValueTask BackOffAsync(LeasedMessage message, CancellationToken cancellationToken)
    {
        _observer?.QueueUnavailable("the queue is full");
        var back = QueueCommand.Transact(QueueOperation.Nack(_plan.Urls, message.Token, _visibility, givesBack: true));
        await TryExecuteAsync(back, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<QueueReply?> TryExecuteAsync(QueueCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await _queue.ExecuteAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (WetwareException problem)
        {
            _observer?.QueueUnavailable(problem.Message);
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static void Require(QueueReply reply, params ReadOnlySpan<QueueStatus> expected)
    {
        if (!expected.Contains(reply.Status))
        {
            throw new InvalidOperationException($"the queue answered {reply.Status} to a crawl; its topics are not those of the plan");
        }
    }
}

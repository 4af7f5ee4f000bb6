using Wetware.Protocol.Queues;

namespace Wetware.Queue.Tests;

/// <summary>Stories of one message and its leases.</summary>
public sealed class LeaseTests : IDisposable
{
    private readonly Replica _queue = new();

    public void Dispose() => _queue.Machine.Dispose();

    [Fact]
    public void An_expired_lease_goes_to_the_next_worker_and_the_first_token_is_worth_nothing()
    {
        var jobs = _queue.Topic("jobs");
        Enqueue(jobs, "a");
        var first = Assert.Single(_queue.Lease(jobs, visibility: 1000));
        Assert.Equal(_queue.Now + 1000, first.Deadline);
        Assert.Empty(_queue.Lease(jobs));

        _queue.Now += 999;
        Assert.Empty(_queue.Lease(jobs));
        _queue.Now += 1;
        var second = Assert.Single(_queue.Lease(jobs));
        Assert.Equal((first.Token.Offset, 2u, 2u), (second.Token.Offset, second.Token.Lease, second.Attempts));

        Assert.Equal(QueueStatus.LeaseLost, Do(QueueOperation.Ack(jobs, first.Token)));
        Assert.Equal(QueueStatus.Ok, Do(QueueOperation.Ack(jobs, second.Token)));
        Assert.Equal(QueueStatus.LeaseLost, Do(QueueOperation.Ack(jobs, second.Token)));
        Assert.Equal(new TopicStats { Accepted = 1, Acked = 1, Expired = 1 }, _queue.Stats(jobs));
    }

    [Fact]
    public void An_extended_lease_lasts_from_the_moment_it_is_extended()
    {
        var jobs = _queue.Topic("jobs");
        Enqueue(jobs, "a");
        var lease = Assert.Single(_queue.Lease(jobs, visibility: 1000));
        _queue.Now += 900;
        Assert.Equal(QueueStatus.Ok, Do(QueueOperation.Extend(jobs, lease.Token, 1000)));
        _queue.Now += 999;
        Assert.Empty(_queue.Lease(jobs));
        _queue.Now += 1;
        Assert.Single(_queue.Lease(jobs));
    }

    [Fact]
    public void The_clock_never_goes_back()
    {
        var jobs = _queue.Topic("jobs");
        Enqueue(jobs, "a");
        _queue.Lease(jobs, visibility: 1000);
        _queue.Now += 2000;
        _queue.Do(QueueCommand.Tick);
        _queue.Now -= 100_000;
        var again = Assert.Single(_queue.Lease(jobs, visibility: 1000));
        Assert.Equal(_queue.Now + 102_000 - 1000, again.Deadline);
    }

    [Fact]
    public void A_message_handed_back_waits_its_delay_and_joins_the_end_of_the_line()
    {
        var jobs = _queue.Topic("jobs");
        Enqueue(jobs, "a", "b");
        var lease = Assert.Single(_queue.Lease(jobs));
        Assert.Equal(QueueStatus.Ok, Do(QueueOperation.Nack(jobs, lease.Token, 500)));
        Assert.Equal(1UL, _queue.Stats(jobs).Delayed);
        Assert.Equal("b", Text(Assert.Single(_queue.Lease(jobs, 5))));
        _queue.Now += 500;
        Assert.Equal("a", Text(Assert.Single(_queue.Lease(jobs, 5))));
    }

    [Fact]
    public void A_message_out_of_attempts_is_dead_until_it_is_revived_or_dropped()
    {
        var jobs = _queue.Topic("jobs", new TopicOptions(AttemptsMax: 2));
        Enqueue(jobs, "poison");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Assert.Single(_queue.Lease(jobs, visibility: 10));
            _queue.Now += 10;
        }

        Assert.Empty(_queue.Lease(jobs));
        Assert.Equal(1UL, _queue.Stats(jobs).Dead);
        var dead = Assert.Single(_queue.Ask(QueueQuery.Scan(jobs, 0, 10, deadOnly: true)).Entries);
        Assert.Equal((MessageState.Dead, 2u), (dead.State, dead.Attempts));

        Assert.Equal(QueueStatus.Ok, Do(QueueOperation.Revive(jobs, dead.Offset)));
        var revived = Assert.Single(_queue.Lease(jobs, visibility: 10));
        Assert.Equal((3u, 1u), (revived.Token.Lease, revived.Attempts));
        Assert.Equal(QueueStatus.NotDead, Do(QueueOperation.Drop(jobs, dead.Offset)));

        _queue.Now += 10;
        Assert.Single(_queue.Lease(jobs, visibility: 10));
        _queue.Now += 10;
        Assert.Equal(QueueStatus.Ok, Do(QueueOperation.Drop(jobs, dead.Offset)));
        Assert.Equal(new TopicStats { Accepted = 1, Dropped = 1, Expired = 4 }, _queue.Stats(jobs));
    }

    [Fact]
    public void A_lease_that_gives_its_attempt_back_does_not_count()
    {
        var jobs = _queue.Topic("jobs", new TopicOptions(AttemptsMax: 1));
        Enqueue(jobs, "a");
        for (var i = 1u; i <= 5; i++)
        {
            var lease = Assert.Single(_queue.Lease(jobs));
            Assert.Equal((i, 1u), (lease.Token.Lease, lease.Attempts));
            Assert.Equal(QueueStatus.Ok, Do(QueueOperation.Nack(jobs, lease.Token, givesBack: true)));
        }

        Assert.Equal(0UL, _queue.Stats(jobs).Dead);
    }

    [Fact]
    public void A_lease_hands_out_no_more_bytes_than_asked_but_always_one_message()
    {
        var jobs = _queue.Topic("jobs");
        Enqueue(jobs, new string('a', 500), new string('b', 300), new string('c', 300));
        Assert.Single(_queue.Do(QueueCommand.Lease(jobs, 10, 1000, bytesMax: 10)).Messages);
        Assert.Single(_queue.Do(QueueCommand.Lease(jobs, 10, 1000, bytesMax: 599)).Messages);
        Assert.Single(_queue.Do(QueueCommand.Lease(jobs, 10, 1000, bytesMax: 600)).Messages);
    }

    [Fact]
    public void A_scan_sees_every_live_message_once_and_leases_none()
    {
        var results = _queue.Topic("results");
        for (var i = 0; i < 3000; i++)
        {
            Enqueue(results, $"r{i}");
        }

        var held = _queue.Lease(results, 1000);
        Assert.Equal(QueueStatus.Ok, Do([.. held.Where(m => m.Token.Offset % 2 == 0).Select(m => QueueOperation.Ack(results, m.Token))]));
        var seen = new List<ulong>();
        for (var from = 0UL; _queue.Ask(QueueQuery.Scan(results, from, 700)) is { Entries.Count: > 0 } page; from = page.Next)
        {
            Assert.True(page.Entries.Count <= 700);
            Assert.All(page.Entries, entry => Assert.Equal($"r{entry.Offset}", System.Text.Encoding.UTF8.GetString(entry.Payload.Span)));
            seen.AddRange(page.Entries.Select(entry => entry.Offset));
        }

        Assert.Equal(Enumerable.Range(0, 3000).Where(i => i >= 1000 || i % 2 == 1).Select(i => (ulong)i), seen);
        Assert.Equal(2000UL, _queue.Stats(results).Ready);
    }

    [Fact]
    public void Topics_are_found_and_listed()
    {
        var one = _queue.Topic("one");
        var two = _queue.Topic("two", new TopicOptions(Dedupe: true));
        Assert.Equal(one, _queue.Topic("one"));
        Assert.Equal(QueueStatus.TopicDiffers, _queue.Do(QueueCommand.CreateTopic("two", default)).Status);
        Assert.Equal(two, _queue.Ask(QueueQuery.Find("two")).Topic);
        Assert.Equal(two, _queue.Machine.Find("two"));
        Assert.Equal(QueueStatus.TopicUnknown, _queue.Ask(QueueQuery.Find("three")).Status);
        Assert.Equal(QueueStatus.TopicUnknown, _queue.Ask(QueueQuery.Stats(new TopicId(3))).Status);
        Enqueue(one, "x");
        Assert.Equal(
            [new TopicInfo(one, "one", new TopicStats { Ready = 1, Accepted = 1 }), new TopicInfo(two, "two", default)],
            _queue.Ask(QueueQuery.Topics).Topics);
    }

    private static string Text(LeasedMessage message) => System.Text.Encoding.UTF8.GetString(message.Payload.Span);

    private void Enqueue(TopicId topic, params string[] payloads) => Assert.Equal(
        QueueStatus.Ok,
        Do([.. payloads.Select(payload => QueueOperation.Enqueue(topic, System.Text.Encoding.UTF8.GetBytes(payload)))]));

    private QueueStatus Do(params QueueOperation[] operations) => _queue.Do(QueueCommand.Transact(operations)).Status;
}

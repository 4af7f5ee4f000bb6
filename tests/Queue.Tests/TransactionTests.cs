using Wetware.Protocol.Queues;

namespace Wetware.Queue.Tests;

/// <summary>All or nothing, over several topics.</summary>
public sealed class TransactionTests : IDisposable
{
    private readonly Replica _queue = new();

    public void Dispose() => _queue.Machine.Dispose();

    [Fact]
    public void What_a_page_leads_to_happens_at_once_or_not_at_all()
    {
        var urls = _queue.Topic("urls", new TopicOptions(Dedupe: true));
        var results = _queue.Topic("results", new TopicOptions(Dedupe: true));
        Assert.Equal(QueueStatus.Ok, Do(Keyed(urls, "/")).Status);
        var seed = Assert.Single(_queue.Lease(urls));
        QueueOperation[] done = [QueueOperation.Ack(urls, seed.Token), Keyed(urls, "/a"), Keyed(urls, "/"), Keyed(urls, "/a"), Keyed(results, "/")];

        var reply = Do(done);
        Assert.Equal(
            [OperationOutcome.Done, OperationOutcome.Done, OperationOutcome.Duplicate, OperationOutcome.Duplicate, OperationOutcome.Done],
            reply.Outcomes.Select(outcome => outcome.Outcome));

        // The same worker again, too late: nothing of it happens.
        var before = _queue.Machine.Digest;
        var again = Do(done);
        Assert.Equal((QueueStatus.LeaseLost, 0), (again.Status, again.Failed));
        Assert.Equal(before, _queue.Machine.Digest);
        Assert.Equal(new TopicStats { Ready = 1, Accepted = 2, Acked = 1, Duplicates = 2 }, _queue.Stats(urls));
    }

    [Fact]
    public void One_bad_operation_spoils_all()
    {
        var plain = _queue.Topic("plain");
        var keyed = _queue.Topic("keyed", new TopicOptions(Dedupe: true));
        Do(QueueOperation.Enqueue(plain, new byte[1]));
        var lease = Assert.Single(_queue.Lease(plain));
        foreach (var (bad, status) in new (QueueOperation, QueueStatus)[]
        {
            (QueueOperation.Enqueue(new TopicId(9), new byte[1]), QueueStatus.TopicUnknown),
            (QueueOperation.Enqueue(keyed, new byte[1]), QueueStatus.KeyMismatch),
            (Keyed(plain, "k"), QueueStatus.KeyMismatch),
            (QueueOperation.Enqueue(plain, new byte[QueueLimits.PayloadBytesMax + 1]), QueueStatus.Malformed),
            (QueueOperation.Enqueue(keyed, new byte[QueueLimits.KeyBytesMax + 1], new byte[1]), QueueStatus.Malformed),
            (QueueOperation.Enqueue(plain, new byte[1], (uint)QueueLimits.DelayMillisecondsMax + 1), QueueStatus.Malformed),
            (QueueOperation.Extend(plain, lease.Token, 0), QueueStatus.Malformed),
            (QueueOperation.Ack(plain, lease.Token), QueueStatus.Conflict),
            (QueueOperation.Ack(plain, lease.Token with { Lease = 7 }), QueueStatus.LeaseLost),
            (QueueOperation.Ack(plain, new LeaseToken(ulong.MaxValue, 1)), QueueStatus.LeaseLost),
            (QueueOperation.Drop(plain, lease.Token.Offset), QueueStatus.NotDead),
        })
        {
            var before = _queue.Machine.Digest;
            var reply = Do(QueueOperation.Ack(plain, lease.Token), Keyed(keyed, "new"), bad);
            Assert.Equal((status, 2), (reply.Status, reply.Failed));
            Assert.Equal(before, _queue.Machine.Digest);
        }
    }

    [Fact]
    public void A_full_topic_takes_no_more_until_something_leaves_even_in_the_same_transaction()
    {
        var small = _queue.Topic("small", new TopicOptions(MessagesMax: 2));
        Assert.Equal(QueueStatus.Full, Do(One(small), One(small), One(small)).Status);
        Assert.Equal(QueueStatus.Ok, Do(One(small), One(small)).Status);
        Assert.Equal(QueueStatus.Full, Do(One(small)).Status);
        var lease = Assert.Single(_queue.Lease(small));
        Assert.Equal(QueueStatus.Ok, Do(One(small), QueueOperation.Ack(small, lease.Token)).Status);
    }

    [Fact]
    public void Duplicates_and_what_is_over_the_limit_need_no_room()
    {
        var urls = _queue.Topic("urls", new TopicOptions(Dedupe: true, AcceptedMax: 2, MessagesMax: 2));
        Assert.Equal(QueueStatus.Ok, Do(Keyed(urls, "a"), Keyed(urls, "b")).Status);
        var reply = Do(Keyed(urls, "a"), Keyed(urls, "c"));
        Assert.Equal([OperationOutcome.Duplicate, OperationOutcome.LimitReached], reply.Outcomes.Select(outcome => outcome.Outcome));
        Assert.Equal((1UL, 1UL), (_queue.Stats(urls).Duplicates, _queue.Stats(urls).Refused));
    }

    [Fact]
    public void A_key_is_refused_for_ever_even_after_its_message_is_gone()
    {
        var urls = _queue.Topic("urls", new TopicOptions(Dedupe: true));
        Do(Keyed(urls, "a"));
        var lease = Assert.Single(_queue.Lease(urls));
        Do(QueueOperation.Ack(urls, lease.Token));
        _queue.Now += 100 * QueueLimits.SessionIdleMilliseconds;
        _queue.Reincarnate();
        Assert.Equal(OperationOutcome.Duplicate, Assert.Single(Do(Keyed(urls, "a")).Outcomes).Outcome);
    }

    private static QueueOperation One(TopicId topic) => QueueOperation.Enqueue(topic, new byte[10]);

    private static QueueOperation Keyed(TopicId topic, string key) => QueueOperation.Enqueue(topic, System.Text.Encoding.UTF8.GetBytes(key), new byte[10]);

    private QueueReply Do(params QueueOperation[] operations) => _queue.Do(QueueCommand.Transact(operations));
}

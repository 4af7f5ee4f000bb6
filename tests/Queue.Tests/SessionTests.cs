using Wetware.Protocol.Queues;

namespace Wetware.Queue.Tests;

/// <summary>Exactly once, told as what a client that retries goes through (Ongaro 2014, section 6.3).</summary>
public sealed class SessionTests : IDisposable
{
    private readonly Replica _queue = new();
    private readonly TopicId _jobs;

    public SessionTests() => _jobs = _queue.Topic("jobs");

    public void Dispose() => _queue.Machine.Dispose();

    [Fact]
    public void A_command_sent_again_takes_effect_once_and_is_answered_the_same()
    {
        var session = Open();
        var first = _queue.Do(Enqueue, session, 1);
        var bytes = _queue.LastReply;
        _queue.Now += 5000;
        _queue.Do(Enqueue, session, 1);
        Assert.Equal(bytes, _queue.LastReply);
        Assert.Equal(0UL, Assert.Single(first.Outcomes).Offset);
        Assert.Equal(1UL, _queue.Stats(_jobs).Accepted);

        _queue.Reincarnate();
        _queue.Do(Enqueue, session, 1);
        Assert.Equal(bytes, _queue.LastReply);
    }

    [Fact]
    public void A_lease_asked_for_again_hands_out_the_same_messages()
    {
        var session = Open();
        _queue.Do(Enqueue);
        _queue.Do(Enqueue);
        var first = _queue.Do(QueueCommand.Lease(_jobs, 1, 1000), session, 1);
        var again = _queue.Do(QueueCommand.Lease(_jobs, 1, 1000), session, 1);
        Assert.Equal(first.Messages[0].Token, again.Messages[0].Token);
        Assert.Equal(1UL, _queue.Stats(_jobs).Leased);
    }

    [Fact]
    public void Commands_in_flight_may_arrive_in_any_order()
    {
        var session = Open();
        _queue.Do(Enqueue, session, 2);
        _queue.Do(Enqueue, session, 1);
        _queue.Do(Enqueue, session, 2);
        Assert.Equal(2UL, _queue.Stats(_jobs).Accepted);
    }

    [Fact]
    public void What_is_further_back_than_the_window_is_refused_not_repeated()
    {
        var session = Open();
        for (var sequence = 1UL; sequence <= (ulong)QueueLimits.SessionWindow + 1; sequence++)
        {
            Assert.Equal(QueueStatus.Ok, _queue.Do(Enqueue, session, sequence).Status);
        }

        Assert.Equal(QueueStatus.SessionStale, _queue.Do(Enqueue, session, 1).Status);
        Assert.Equal(QueueStatus.Ok, _queue.Do(Enqueue, session, 2).Status);
        Assert.Equal((ulong)QueueLimits.SessionWindow + 1, _queue.Stats(_jobs).Accepted);
    }

    [Fact]
    public void A_silent_session_ends_by_the_replicated_clock_and_its_commands_are_refused()
    {
        var session = Open();
        _queue.Do(Enqueue, session, 1);
        _queue.Now += QueueLimits.SessionIdleMilliseconds - 1;
        Assert.Equal(QueueStatus.Ok, _queue.Do(Enqueue, session, 1).Status);
        _queue.Now += QueueLimits.SessionIdleMilliseconds;
        Assert.Equal(QueueStatus.SessionUnknown, _queue.Do(Enqueue, session, 1).Status);
        Assert.Equal(1UL, _queue.Stats(_jobs).Accepted);
    }

    [Fact]
    public void A_refusal_is_an_answer_and_is_kept_too()
    {
        var session = Open();
        var ack = QueueCommand.Transact(QueueOperation.Ack(_jobs, new LeaseToken(0, 1)));
        Assert.Equal(QueueStatus.LeaseLost, _queue.Do(ack, session, 1).Status);
        _queue.Do(Enqueue);
        _queue.Lease(_jobs);
        Assert.Equal(QueueStatus.LeaseLost, _queue.Do(ack, session, 1).Status);
        Assert.Equal(QueueStatus.Ok, _queue.Do(ack, session, 2).Status);
    }

    [Fact]
    public void A_closed_session_is_gone()
    {
        var session = Open();
        Assert.Equal(QueueStatus.Ok, _queue.Do(QueueCommand.CloseSession, session, 1).Status);
        Assert.Equal(QueueStatus.SessionUnknown, _queue.Do(QueueCommand.CloseSession, session, 1).Status);
        Assert.Equal(QueueStatus.SessionUnknown, _queue.Do(QueueCommand.CloseSession).Status);
    }

    [Fact]
    public void Sessions_are_bounded_and_the_longest_idle_ends_first()
    {
        var first = Open();
        var second = Open();
        _queue.Now++;
        _queue.Do(Enqueue, first, 1);
        for (var i = 2; i <= QueueLimits.SessionsMax; i++)
        {
            _queue.Now++;
            Open();
        }

        Assert.Equal(QueueStatus.SessionUnknown, _queue.Do(Enqueue, second, 1).Status);
        Assert.Equal(QueueStatus.Ok, _queue.Do(Enqueue, first, 2).Status);
    }

    [Fact]
    public void Kept_replies_are_bounded_in_bytes()
    {
        for (var i = 0; i < 2; i++)
        {
            _queue.Do(QueueCommand.Transact(QueueOperation.Enqueue(_jobs, new byte[QueueLimits.PayloadBytesMax])));
        }

        var sessions = Enumerable.Range(0, 20).Select(_ => Open()).ToList();
        for (var sequence = 1UL; sequence <= (ulong)QueueLimits.SessionWindow; sequence++)
        {
            foreach (var session in sessions)
            {
                var reply = _queue.Do(QueueCommand.Lease(_jobs, 2, 1), session, sequence);
                Assert.True(reply is { Status: QueueStatus.Ok, Messages.Count: 2 } or { Status: QueueStatus.SessionUnknown });
                _queue.Now++;
            }
        }

        // Twenty sessions of sixteen half-megabyte replies are more than the bound: some had to end, and the digest still holds.
        Assert.Contains(sessions, session => _queue.Do(QueueCommand.Tick, session, 99).Status == QueueStatus.SessionUnknown);
        Assert.True(_queue.Snapshot().Length < QueueLimits.SessionBytesTotalMax + (2 << 20));
        var digest = _queue.Machine.Digest;
        _queue.Reincarnate();
        Assert.Equal(digest, _queue.Machine.Digest);
    }

    [Fact]
    public void A_client_that_keeps_to_its_window_always_gets_its_answer()
    {
        var prng = new Wetware.Core.Prng(Wetware.Testing.Property.Seed());
        var session = new SessionNumbers(Open());
        var flying = new List<(ulong Sequence, bool Applied)>();
        var begun = 0UL;
        for (var step = 0; step < 5000; step++)
        {
            if (prng.Chance(0.5) && session.TryBegin(out var sequence))
            {
                flying.Add((sequence, false));
                begun++;
            }
            else if (flying.Count > 0)
            {
                // Any of them is applied, or applied again; sometimes its answer arrives.
                var which = (int)prng.Below((ulong)flying.Count);
                Assert.Equal(QueueStatus.Ok, _queue.Do(Enqueue, session.Id, flying[which].Sequence).Status);
                flying[which] = (flying[which].Sequence, true);
                if (prng.Chance(0.5))
                {
                    session.End(flying[which].Sequence);
                    flying.RemoveAt(which);
                }
            }

            Assert.Equal(flying.Count, session.Unanswered);
        }

        Assert.True(begun > 500);
        Assert.Equal(begun - (ulong)flying.Count(command => !command.Applied), _queue.Stats(_jobs).Accepted);
    }

    [Fact]
    public void A_session_needs_a_number_and_opens_no_other()
    {
        var session = Open();
        Assert.Equal(QueueStatus.Malformed, _queue.Do(Enqueue, session, 0).Status);
        Assert.Equal(QueueStatus.Malformed, _queue.Do(QueueCommand.OpenSession, session, 1).Status);
    }

    private QueueCommand Enqueue => QueueCommand.Transact(QueueOperation.Enqueue(_jobs, new byte[8]));

    private ulong Open()
    {
        var reply = _queue.Do(QueueCommand.OpenSession);
        Assert.NotEqual(0UL, reply.Session);
        return reply.Session;
    }
}

using FsCheck.Fluent;
using Wetware.Host.Services.Channels;
using Wetware.Testing;

namespace Wetware.Host.Tests.Channels;

/// <summary>A channel against what it promises, whatever is done to it in whatever order.</summary>
public sealed class ChannelStateTests
{
    private const int WaitersMax = 3;

    [Fact]
    public void Every_history_keeps_the_order_the_bounds_and_every_value() => Property.Check(
        from items in Gen.Choose(0, 3)
        from bytes in Gen.Choose(0, 8)
        from steps in Gen.Choose(0, 999).ListOf()
        select (items, bytes, steps),
        history =>
        {
            var run = new History(history.items, history.bytes);
            foreach (var step in history.steps)
            {
                run.Do(step);
            }

            run.End();
        },
        cases: 2_000);

    [Fact]
    public void A_value_that_is_given_back_goes_out_before_those_sent_after_it()
    {
        var state = new ChannelState<string>(1, 100, WaitersMax);
        ChannelSend<string> a = new("a", 1), b = new("b", 1), c = new("c", 1);
        ChannelReceive<string> one = new(), two = new();
        state.Send(a);
        state.Receive(one);
        state.Send(b);
        state.Receive(two);
        state.Send(c);
        Assert.Equal(("a", "b"), (one.Held!.Value, two.Held!.Value));
        state.Take(one);
        Assert.Equal(ChannelOutcome.Done, c.Outcome);
        Assert.True(state.GiveBack(two));
        ChannelReceive<string> three = new(), four = new();
        state.Receive(three);
        state.Receive(four);
        Assert.Equal(("b", "c"), (three.Held!.Value, four.Held!.Value));
        Assert.Equal(ChannelOutcome.Pending, b.Outcome);
        state.Take(three);
        Assert.Equal(ChannelOutcome.Done, b.Outcome);
    }

    /// <summary>Does steps, and holds after each what the channel says against all that was done.</summary>
    private sealed class History(int itemsMax, int bytesMax)
    {
        private readonly ChannelState<int> _state = new(itemsMax, bytesMax, WaitersMax);
        private readonly List<ChannelSend<int>> _sends = [];
        private readonly List<ChannelReceive<int>> _receives = [];
        private readonly HashSet<int> _taken = [];
        private readonly HashSet<int> _calledOff = [];
        private bool _isClosed;

        public void Do(int step)
        {
            var choice = step / 20;
            switch (step % 20)
            {
                case < 7:
                    var send = new ChannelSend<int>(_sends.Count, choice % 5);
                    _sends.Add(send);
                    _state.Send(send);
                    Assert.Equal(_isClosed, send.Outcome == ChannelOutcome.Closed);
                    Assert.True(send.Outcome != ChannelOutcome.Refused || _state.WaitingSends >= WaitersMax);
                    Assert.True(send.Outcome != ChannelOutcome.Pending || Held().Any(receive => receive.Held == send) || _state.WaitingSends <= WaitersMax);
                    break;
                case < 12:
                    var receive = new ChannelReceive<int>();
                    _receives.Add(receive);
                    _state.Receive(receive);
                    break;
                case < 15 when Held() is { Length: > 0 } held:
                    var taker = held[choice % held.Length];
                    Assert.True(_taken.Add(taker.Held!.Value));
                    _state.Take(taker);
                    Assert.Equal(ChannelOutcome.Done, taker.Outcome);
                    break;
                case < 17 when Held() is { Length: > 0 } held:
                    _state.GiveBack(held[choice % held.Length]);
                    break;
                case 17 when _sends.Count > 0:
                    _calledOff.Add(_sends[choice % _sends.Count].Value);
                    _state.CallOff(_sends[choice % _sends.Count]);
                    break;
                case 18 when _receives.Count > 0:
                    _state.CallOff(_receives[choice % _receives.Count]);
                    break;
                case 19 when choice % 2 == 0:
                    var isFirst = !_isClosed;
                    _isClosed = true;
                    Assert.Equal(isFirst, _state.Close());
                    break;
            }

            Check();
        }

        /// <summary>Lets everybody come to an end: nothing that was accepted is missing then.</summary>
        public void End()
        {
            foreach (var held in Held())
            {
                Assert.True(_taken.Add(held.Held!.Value));
                _state.Take(held);
                Check();
            }

            // Every further receive gets the oldest that there is, or tells that there is none.
            while (Live().Any())
            {
                var receive = new ChannelReceive<int>();
                _receives.Add(receive);
                _state.Receive(receive);
                Assert.Equal(ChannelOutcome.Handed, receive.Outcome);
                Assert.True(_taken.Add(receive.Held!.Value));
                _state.Take(receive);
                Check();
            }

            Assert.All(_sends, send => Assert.Equal(send.Outcome == ChannelOutcome.Done, _taken.Contains(send.Value)));
            Assert.Equal((0, 0L), (_state.Count, _state.Bytes));
        }

        private ChannelReceive<int>[] Held() => [.. _receives.Where(receive => receive.Outcome == ChannelOutcome.Handed)];

        /// <summary>Values that no receiver holds or took, and that were not refused or called off.</summary>
        private IEnumerable<ChannelSend<int>> Live()
        {
            var held = Held().Select(receive => receive.Held!.Value).ToHashSet();
            return _sends.Where(send => send.Outcome is ChannelOutcome.Pending or ChannelOutcome.Done && !_taken.Contains(send.Value) && !held.Contains(send.Value));
        }

        private void Check()
        {
            var live = Live().ToArray();
            var held = Held();

            // What was handed in this step was the oldest, one after the other: nothing older lies there.
            while (_state.Served.TryDequeue(out var served))
            {
                if (served.Outcome == ChannelOutcome.Handed && live.Length > 0)
                {
                    Assert.True(served.Held!.Value < live[0].Value, $"{served.Held.Value} went out before {live[0].Value}");
                }

                // What somebody holds may come back: until then nobody is told that nothing is left.
                Assert.True(served.Outcome != ChannelOutcome.Closed || (_isClosed && live.Length == 0 && held.Length == 0));
            }

            Assert.Equal(held.Length, held.Select(receive => receive.Held!.Value).Distinct().Count());
            while (_state.Settled.TryDequeue(out var settled))
            {
                Assert.NotEqual(ChannelOutcome.Pending, settled.Outcome);
                Assert.True(settled.Outcome == ChannelOutcome.Done || !_taken.Contains(settled.Value), $"{settled.Value} was taken, and its sender told otherwise");
                Assert.True(settled.Outcome != ChannelOutcome.Done || settled.IsAccepted || _taken.Contains(settled.Value), $"{settled.Value} was neither taken nor kept");
            }

            // Bounds: what senders were told is done, and nobody has taken.
            var kept = _sends.Where(send => send.Outcome == ChannelOutcome.Done && !_taken.Contains(send.Value)).ToArray();
            Assert.Equal((kept.Length, kept.Sum(send => send.Bytes)), (_state.Count, _state.Bytes));
            Assert.True(kept.Length <= itemsMax && _state.Bytes <= bytesMax);

            // Nobody waits for nothing.
            var receivers = _receives.Where(receive => receive.Outcome == ChannelOutcome.Pending).ToArray();
            var waiting = live.Where(send => send.Outcome == ChannelOutcome.Pending).ToArray();
            Assert.Equal((receivers.Length, waiting.Length), (_state.WaitingReceives, _state.WaitingSends));
            Assert.True(receivers.Length == 0 || live.Length == 0);
            Assert.DoesNotContain(waiting, send => _calledOff.Contains(send.Value));
            Assert.True(receivers.Length <= WaitersMax);
            Assert.True(waiting.Length == 0 || kept.Length == itemsMax || _state.Bytes + waiting[0].Bytes > bytesMax);
            Assert.True(!_isClosed || waiting.Length == 0);
            Assert.True(!_isClosed || receivers.Length == 0 || held.Length > 0);
        }
    }
}

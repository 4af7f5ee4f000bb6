using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Client;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Host.Services.Processes;
using Wetware.Host.Services.PubSub;
using Wetware.Membership.Gossip;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using TopicMessage = Wetware.Membership.Gossip.TopicMessage;

namespace Wetware.Host.Tests.Processes;

/// <summary>What programs reach over their socket, and what they cannot do with it.</summary>
public sealed class GuestSessionTests : IAsyncDisposable
{
    private const int SessionMax = 12;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ProcessTable _table;
    private readonly Executor.Client _executor;
    private readonly ProcessClient _processes;
    private readonly List<HeldSession> _held = [];

    public GuestSessionTests()
    {
        var options = ProcessOptions.Default with { SessionProcessesMax = SessionMax, MemoryBytesMax = 16 << 20 };
        _table = new ProcessTable(options, NullLogger.Instance);
        _executor = Executor.Client.Serve(new ExecutorServer(_table, new BytecodeStore(options), new ProcessGroup(ProcessTable.Root, new SessionBudget())));
        _processes = new ProcessClient(_executor);
    }

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _table.DisposeAsync();
        Assert.Equal(0, _table.Count);
        GiveBack();
        _executor.Dispose();
    }

    [Fact]
    public async Task Without_a_session_a_program_learns_who_it_is_and_holds_nothing()
    {
        var (outcome, output, pid) = await RunAsync(Roms.Family, null, "one", "two");
        Assert.Equal(new ProcessOutcome(0, ProcessEnding.Exited, ""), outcome);
        Assert.Equal($"pid {pid}\nargument one\nargument two\n", output);
    }

    [Fact]
    public async Task A_program_holds_exactly_the_capabilities_of_its_session()
    {
        var dropped = new TaskCompletionSource();
        using (var view = View.Client.Serve(new Watched(dropped)))
        {
            var (outcome, output, pid) = await RunAsync(Roms.Family, Session(view));
            Assert.Equal(0u, outcome.ExitCode);
            Assert.Equal($"pid {pid}\nholds view\n", output);
        }

        // What the program held is given back when it has ended.
        GiveBack();
        await dropped.Task.WaitAsync(s_patience, Limit);
    }

    [Fact]
    public async Task A_program_starts_children_of_its_own_and_waits_for_them()
    {
        var (outcome, output, pid) = await RunAsync(Roms.Family, Session(default, _executor));
        Assert.Equal(0u, outcome.ExitCode);
        Assert.Equal($"pid {pid}\nholds executor\nchild {pid + 1}\nit exited with 5\n", output);
    }

    [Fact]
    public async Task A_fork_bomb_reaches_the_limit_of_its_session_and_dies_with_its_first_process()
    {
        using var bomb = await _processes.StartAsync(Roms.Rude, new ProcessRequest("bomb") { Session = Session(default, _executor) }, Limit);
        await UntilAsync(SessionMax);

        var refused = await Assert.ThrowsAsync<WetwareException>(() => _processes.StartAsync(Roms.Worker, new ProcessRequest("exit", "0"), Limit));
        Assert.Equal($"the session runs {SessionMax} processes already", refused.Message);
        await bomb.KillAsync(Limit);
        Assert.Equal(ProcessEnding.Killed, (await bomb.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
        await UntilAsync(0);
    }

    [Theory]
    [InlineData("trap", ProcessEnding.Trapped, 134)]
    [InlineData("leave", ProcessEnding.Exited, 4)]
    [InlineData("rubbish", ProcessEnding.Exited, 6)]
    public async Task What_a_program_held_is_given_back_however_it_ends(string how, ProcessEnding ending, uint code)
    {
        var dropped = new TaskCompletionSource();
        using (var view = View.Client.Serve(new Watched(dropped)))
        {
            var (outcome, _, _) = await RunAsync(Roms.Rude, Session(view), how);
            Assert.Equal((ending, code), (outcome.Ending, outcome.ExitCode));
        }

        GiveBack();
        await dropped.Task.WaitAsync(s_patience, Limit);
    }

    [Theory]
    [InlineData("pending-exit", ProcessEnding.Exited, 4, false)]
    [InlineData("pending-trap", ProcessEnding.Trapped, 134, false)]
    [InlineData("pending-wait", ProcessEnding.Killed, 137, true)]
    public async Task A_call_that_is_under_way_when_its_program_ends_is_cancelled_and_nothing_of_it_stays(string how, ProcessEnding ending, uint code, bool kills)
    {
        var unanswered = new Unanswered();
        using (var view = View.Client.Serve(unanswered))
        {
            using var process = await _processes.StartAsync(Roms.Rude, new ProcessRequest(how) { Session = Session(view) }, Limit);
            await unanswered.Asked.Task.WaitAsync(s_patience, Limit);
            if (kills)
            {
                await process.KillAsync(Limit);
            }

            var outcome = await process.WaitAsync(Limit).WaitAsync(s_patience, Limit);
            Assert.Equal((ending, code), (outcome.Ending, outcome.ExitCode));
            Assert.Equal(0, _table.Count);
        }

        GiveBack();
        await unanswered.Cancelled.Task.WaitAsync(s_patience, Limit);
        await unanswered.Dropped.Task.WaitAsync(s_patience, Limit);
    }

    [Fact]
    public async Task A_program_waits_for_its_socket_or_for_a_clock_and_goes_on_with_whatever_comes_first()
    {
        var (outcome, _, _) = await RunAsync(Roms.Rude, Session(default(View.Client)), "again");
        Assert.Equal(new ProcessOutcome(0, ProcessEnding.Exited, ""), outcome);
    }

    [Fact]
    public async Task A_subscriber_that_never_reads_costs_bounded_memory_and_leaves_nothing_when_it_is_killed()
    {
        const int Messages = 50_000;
        var number = 0ul;
        using var hub = new TopicHub((_, _) => Task.CompletedTask);
        using var router = Router.Client.Serve(new RouterServer(hub, new Pace(1_000_000)));
        using var output = new SignalStream();
        using var process = await _processes.StartAsync(
            Roms.Rude,
            new ProcessRequest("deaf") { Session = Session(wire => wire.SetPubSub(router)), Output = output },
            Limit);
        await output.Written.Task.WaitAsync(s_patience, Limit);
        Assert.Equal(1, hub.Count);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Messages; i++)
        {
            hub.Deliver(new TopicMessage(new MessageId(1, ++number), "deaf", new byte[4 << 10], default));
        }

        // All of it would be 200 MB.
        Assert.InRange(hub.BytesKept, 0L, 33L * (4 << 10));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64L << 20);
        await process.KillAsync(Limit);
        Assert.Equal(ProcessEnding.Killed, (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
        await UntilAsync(0);
        Assert.True(SpinWait.SpinUntil(() => hub.Count == 0, s_patience));
    }

    [Theory]
    [InlineData("listen")]
    [InlineData("hear")]
    public async Task A_program_is_called_back_by_what_it_subscribed_to(string rom)
    {
        var number = 0ul;
        using var hub = new TopicHub((_, _) => Task.CompletedTask);
        using var router = Router.Client.Serve(new RouterServer(hub, new Pace(1_000_000)));
        using var output = new SignalStream();
        using var process = await _processes.StartAsync(
            Roms.Load(rom),
            new ProcessRequest("news", "2")
            {
                Session = Session(wire => wire.SetPubSub(router)), Output = output, Error = output,
            },
            Limit);
        await output.Written.Task.WaitAsync(s_patience, Limit);
        foreach (var text in new[] { "one", "two", "three" })
        {
            hub.Deliver(new TopicMessage(new MessageId(1, ++number), "news", Encoding.UTF8.GetBytes(text), default));
        }

        Assert.Equal(new ProcessOutcome(0, ProcessEnding.Exited, ""), await process.WaitAsync(Limit).WaitAsync(s_patience, Limit));
        Assert.Equal("listening to news\none\ntwo\n", Encoding.UTF8.GetString(output.ToArray())[.."listening to news\none\ntwo\n".Length]);
    }

    [Fact]
    public async Task A_program_that_publishes_without_end_is_held_to_its_session_s_pace_and_no_other_session_is()
    {
        const int PerSecond = 50;
        var published = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hub = new TopicHub((_, _) =>
        {
            if (Interlocked.Increment(ref published) == 2 * PerSecond)
            {
                enough.SetResult();
            }

            return Task.CompletedTask;
        });
        using var router = Router.Client.Serve(new RouterServer(hub, new Pace(PerSecond)));
        var began = TimeProvider.System.GetTimestamp();
        using var process = await _processes.StartAsync(
            Roms.Rude, new ProcessRequest("publish") { Session = Session(wire => wire.SetPubSub(router)) }, Limit);
        await enough.Task.WaitAsync(s_patience, Limit);
        // One second's worth may come at once; the next takes a second.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(1), s_patience);

        using var other = Router.Client.Serve(new RouterServer(hub, new Pace(PerSecond)));
        var before = Volatile.Read(ref published);
        await new TopicClient(other).PublishAsync("quiet", "x"u8.ToArray(), Limit);
        Assert.True(Volatile.Read(ref published) > before);
        await process.KillAsync(Limit);
        Assert.Equal(ProcessEnding.Killed, (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
        await UntilAsync(0);
    }

    [Theory]
    [InlineData("many")]
    [InlineData("many-rust")]
    public async Task A_program_serves_many_capabilities_at_a_time_and_gets_their_places_back(string rom)
    {
        const int Count = 300;
        using var view = View.Client.Serve(new Gathering(Count));
        var (outcome, _, _) = await RunAsync(Roms.Load(rom), Session(view), $"{Count}");
        Assert.Equal(new ProcessOutcome(0, ProcessEnding.Exited, ""), outcome);
    }

    [Fact]
    public async Task A_program_that_floods_its_socket_loses_it_and_the_host_goes_on()
    {
        var dropped = new TaskCompletionSource();
        using (var view = View.Client.Serve(new Watched(dropped)))
        {
            var (outcome, _, _) = await RunAsync(Roms.Rude, Session(view), "flood");
            Assert.Equal(new ProcessOutcome(7, ProcessEnding.Exited, ""), outcome);
            Assert.Equal(0u, (await RunAsync(Roms.Family, Session(view))).Outcome.ExitCode);
        }

        GiveBack();
        await dropped.Task.WaitAsync(s_patience, Limit);
    }

    private async Task UntilAsync(int processes)
    {
        for (var changed = _table.Changed; _table.Count != processes; changed = _table.Changed)
        {
            await changed.WaitAsync(s_patience, Limit);
        }
    }

    private WetwareSession Session(View.Client view, Executor.Client executor = default) => Session(wire =>
    {
        wire.SetView(view);
        wire.SetExecutor(executor);
    });

    private WetwareSession Session(Action<Wetware.Protocol.Wire.Session.Builder> bind)
    {
        var held = HeldSession.Make(bind);
        _held.Add(held);
        return new WetwareSession(held);
    }

    /// <summary>Gives back what the tests hold of the sessions that they made.</summary>
    private void GiveBack()
    {
        _held.ForEach(static held => held.Dispose());
        _held.Clear();
    }

    private async Task<(ProcessOutcome Outcome, string Output, uint Pid)> RunAsync(byte[] rom, WetwareSession? session, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var process = await _processes.StartAsync(rom, new ProcessRequest(arguments) { Session = session, Output = output, Error = output }, Limit);
        var outcome = await process.WaitAsync(Limit).WaitAsync(s_patience, Limit);
        Assert.Equal(0, _table.Count);
        return (outcome, Encoding.UTF8.GetString(output.ToArray()), process.Pid);
    }

    /// <summary>Answers no call until it is cancelled.</summary>
    private sealed class Unanswered : View.IServer, IDisposable
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Dropped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask LookupAsync(CallContext<View.LookupParams.Reader, View.LookupResults.Builder> call)
        {
            Asked.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, call.Cancellation);
            }
            finally
            {
                Cancelled.TrySetResult();
            }
        }

        public void Dispose() => Dropped.TrySetResult();
    }

    /// <summary>Waits for so many handlers, then calls them all, the last one first; every other one refuses.</summary>
    private sealed class Gathering(int count) : View.IServer
    {
        private readonly Lock _lock = new();
        private readonly List<Capability> _handlers = [];
        private TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask IterAsync(CallContext<View.IterParams.Reader, View.IterResults.Builder> call)
        {
            Capability[] all = [];
            Task called;
            lock (_lock)
            {
                called = _called.Task;
                _handlers.Add(call.Params.Handler.Capability.AddRef());
                if (_handlers.Count == count)
                {
                    all = [.. _handlers];
                    _handlers.Clear();
                }
            }

            if (all.Length > 0)
            {
                await CallAsync(all);
                Interlocked.Exchange(ref _called, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            }

            await called.WaitAsync(s_patience, call.Cancellation);
        }

        private static async Task CallAsync(Capability[] handlers)
        {
            for (var i = handlers.Length - 1; i >= 0; i--)
            {
                using var handler = handlers[i];
                using var answer = handler.NewRequest(View.Handler.TypeId, 0).Send();
                if (i % 2 == 1)
                {
                    Assert.Equal("odd", (await Assert.ThrowsAsync<RpcException>(async () => await answer)).Message);
                }
                else
                {
                    await answer;
                }
            }
        }
    }

    private sealed class Watched(TaskCompletionSource dropped) : View.IServer, IDisposable
    {
        public void Dispose() => dropped.TrySetResult();
    }
}

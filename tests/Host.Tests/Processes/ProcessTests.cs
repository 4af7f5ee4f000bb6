using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Client;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Services.Processes;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Rpc.Transport;

namespace Wetware.Host.Tests.Processes;

/// <summary>Programs over a connection in memory, as a client sees them.</summary>
public sealed class ProcessTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ProcessTable _table;
    private readonly BytecodeStore _bytecode;
    private readonly RpcConnection _server;
    private readonly RpcConnection _client;
    private readonly ProcessClient _processes;

    public ProcessTests()
    {
        var options = ProcessOptions.Default with { ProcessesMax = 6, SessionProcessesMax = 4, MemoryBytesMax = 16 << 20, BytecodeBytesMax = 1 << 20 };
        _table = new ProcessTable(options, NullLogger.Instance);
        _bytecode = new BytecodeStore(options);
        var (here, there) = Transports.InMemory();
        var executor = NewExecutor(ProcessTable.Root);
        _server = RpcConnection.Start(there, RpcOptions.Default with { Bootstrap = executor.Capability });
        _client = RpcConnection.Start(here);
        _processes = new ProcessClient(_client.Bootstrap<Executor.Client>());
    }

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        await _table.DisposeAsync();
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public async Task A_program_gets_its_arguments_and_environment_and_its_output_is_there_when_it_has_ended()
    {
        using var output = new MemoryStream();
        var (outcome, _) = await RunAsync(new ProcessRequest("args", "one", "zwei und drei")
        {
            Environment = new Dictionary<string, string> { ["MOOD"] = "fine=well" },
            Output = output,
        });
        Assert.Equal(new ProcessOutcome(0, ProcessEnding.Exited, ""), outcome);
        Assert.Equal("one\nzwei und drei\nfine=well", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task Input_streams_in_and_output_streams_out()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));
        using var output = new MemoryStream();
        var (outcome, _) = await RunAsync(new ProcessRequest("echo") { Input = new MemoryStream(Encoding.UTF8.GetBytes(text)), Output = output });
        Assert.Equal(ProcessEnding.Exited, outcome.Ending);
        Assert.Equal(text, Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task Exit_codes_traps_and_kills_are_told_apart()
    {
        Assert.Equal(new ProcessOutcome(42, ProcessEnding.Exited, ""), (await RunAsync(new ProcessRequest("exit", "42"))).Outcome);
        var (trapped, _) = await RunAsync(new ProcessRequest("trap"));
        Assert.Equal((134u, ProcessEnding.Trapped), (trapped.ExitCode, trapped.Ending));
        Assert.Contains("unreachable", trapped.Reason, StringComparison.Ordinal);

        using var spinning = await SpinAsync();
        await spinning.KillAsync(Limit);
        var killed = await spinning.WaitAsync(Limit).WaitAsync(s_patience, Limit);
        Assert.Equal((137u, ProcessEnding.Killed), (killed.ExitCode, killed.Ending));
        Assert.Equal(killed, await spinning.WaitAsync(Limit));
        await spinning.KillAsync(Limit);
    }

    [Fact]
    public async Task A_program_that_waits_for_input_that_never_comes_can_be_killed()
    {
        using var never = new NeverStream();
        using var process = await _processes.StartAsync(Roms.Worker, new ProcessRequest("echo") { Input = never }, Limit);
        await never.Asked.Task.WaitAsync(s_patience, Limit);
        await process.KillAsync(Limit);
        Assert.Equal(ProcessEnding.Killed, (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
    }

    [Fact]
    public async Task Children_die_with_their_parents_and_kill_is_recursive()
    {
        using var parent = await SpinAsync();
        using var child = await SpinAsync(parent.Pid);
        using var grandchild = await SpinAsync(child.Pid);
        using var other = await SpinAsync();
        var listed = await _processes.ListAsync(Limit);
        Assert.Equal([(parent.Pid, 1u), (child.Pid, parent.Pid), (grandchild.Pid, child.Pid), (other.Pid, 1u)], listed.Select(process => (process.Pid, process.Parent)));
        Assert.All(listed, process => Assert.Equal(Cid.Of(Roms.Worker), process.Cid));

        await _processes.KillAsync(parent.Pid, Limit);
        foreach (var process in new[] { parent, child, grandchild })
        {
            Assert.Equal(ProcessEnding.Killed, (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
        }

        Assert.Equal([other.Pid], (await _processes.ListAsync(Limit)).Select(process => process.Pid));
    }

    [Fact]
    public async Task A_child_of_one_that_ends_by_itself_dies_too()
    {
        using var never = new NeverStream();
        using var parent = await _processes.StartAsync(Roms.Worker, new ProcessRequest("echo") { Input = never }, Limit);
        using var child = await SpinAsync(parent.Pid);
        never.End();
        Assert.Equal(ProcessEnding.Exited, (await parent.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
        Assert.Equal(ProcessEnding.Killed, (await child.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
    }

    [Fact]
    public async Task An_executor_reaches_only_what_is_below_its_own_process()
    {
        using var mine = await SpinAsync();
        using var other = await SpinAsync();
        using var executor = NewExecutor(mine.Pid);
        var inside = new ProcessClient(executor);
        using var child = await inside.StartAsync(Roms.Worker, new ProcessRequest("spin"), Limit);
        Assert.Equal([(child.Pid, mine.Pid)], (await inside.ListAsync(Limit)).Select(process => (process.Pid, process.Parent)));
        await Assert.ThrowsAsync<WetwareException>(() => inside.KillAsync(other.Pid, Limit));
        await Assert.ThrowsAsync<WetwareException>(() => inside.KillAsync(mine.Pid, Limit));
        var refused = await Assert.ThrowsAsync<WetwareException>(() => inside.StartAsync(Roms.Worker, new ProcessRequest("spin") { Parent = other.Pid }, Limit));
        Assert.Equal($"there is no process {other.Pid} to be the parent", refused.Message);

        await mine.KillAsync(Limit);
        await mine.WaitAsync(Limit).WaitAsync(s_patience, Limit);
        refused = await Assert.ThrowsAsync<WetwareException>(() => inside.StartAsync(Roms.Worker, new ProcessRequest("spin"), Limit));
        Assert.Equal("the executor's process has ended", refused.Message);
    }

    [Fact]
    public async Task A_session_runs_so_many_programs_at_a_time_and_no_more()
    {
        var running = new List<RemoteProcess>();
        for (var i = 0; i < 4; i++)
        {
            running.Add(await SpinAsync());
        }

        var refused = await Assert.ThrowsAsync<WetwareException>(() => SpinAsync());
        Assert.Equal("the session runs 4 processes already", refused.Message);
        using var second = NewExecutor(ProcessTable.Root);
        var processes = new ProcessClient(second);
        running.Add(await processes.StartAsync(Roms.Worker, new ProcessRequest("spin"), Limit));
        running.Add(await processes.StartAsync(Roms.Worker, new ProcessRequest("spin"), Limit));
        refused = await Assert.ThrowsAsync<WetwareException>(() => processes.StartAsync(Roms.Worker, new ProcessRequest("spin"), Limit));
        Assert.Equal("the node runs 6 processes already", refused.Message);

        await running[0].KillAsync(Limit);
        await running[0].WaitAsync(Limit).WaitAsync(s_patience, Limit);
        running.Add(await SpinAsync());
        running.ForEach(process => process.Dispose());
    }

    [Fact]
    public async Task Memory_is_bounded_and_the_program_sees_it()
    {
        var (outcome, _) = await RunAsync(new ProcessRequest("grow"));
        Assert.Equal(new ProcessOutcome(7, ProcessEnding.Exited, ""), outcome);
    }

    [Fact]
    public async Task A_program_that_recurses_without_end_traps_and_the_host_goes_on()
    {
        var (outcome, _) = await RunAsync(new ProcessRequest("recurse"));
        Assert.Equal((ProcessEnding.Trapped, 134u), (outcome.Ending, outcome.ExitCode));
        Assert.Contains("stack", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(5u, (await RunAsync(new ProcessRequest("exit", "5"))).Outcome.ExitCode);
    }

    [Fact]
    public async Task A_program_that_loops_is_stopped_when_its_time_is_up_and_the_host_goes_on()
    {
        await using var host = new ProcessHost(ProcessOptions.Default with { WallTimeMax = TimeSpan.FromMilliseconds(100) });
        using var spinning = await host.Processes.StartAsync(Roms.Worker, new ProcessRequest("spin"), Limit);
        var outcome = await spinning.WaitAsync(Limit).WaitAsync(s_patience, Limit);
        Assert.Equal((ProcessEnding.Trapped, 134u), (outcome.Ending, outcome.ExitCode));
        Assert.StartsWith("time exhausted", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(await host.Processes.ListAsync(Limit));
        using var next = await host.Processes.StartAsync(Roms.Worker, new ProcessRequest("exit", "5"), Limit);
        Assert.Equal(5u, (await next.WaitAsync(Limit).WaitAsync(s_patience, Limit)).ExitCode);
    }

    public static TheoryData<string, ProcessOptions> Unusable => new()
    {
        { "Processes: counts must not be negative", ProcessOptions.Default with { SessionProcessesMax = -1 } },
        { "Processes: MemoryBytesMax must lie between 64 KiB and 4 GiB", ProcessOptions.Default with { MemoryBytesMax = 1 } },
        { "Processes: StackBytes must lie between 64 KiB and 64 MiB", ProcessOptions.Default with { StackBytes = 1 } },
        { "Processes: WallTimeMax and ItemTimeMax must be positive", ProcessOptions.Default with { WallTimeMax = TimeSpan.Zero } },
        { "Processes: caches must have room", ProcessOptions.Default with { CompiledBytesMax = 0 } },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Limits_that_cannot_work_are_refused_by_name(string why, ProcessOptions options) =>
        Assert.Equal(why, Assert.Throws<WetwareOptionsException>(() => new ProcessHost(options)).Message);

    [Fact]
    public async Task Arguments_and_environment_are_bounded_and_well_formed()
    {
        const string TooMuch = "arguments and environment have at most 1048576 characters, none of them NUL";
        await RefusedAsync(TooMuch, new ProcessRequest("exit", new string('x', 1 << 20)));
        await RefusedAsync(TooMuch, new ProcessRequest("exit", "a\0b"));
        await RefusedAsync("an entry of the environment is NAME=value", new ProcessRequest("args") { Environment = new Dictionary<string, string> { [""] = "x" } });
        Assert.Equal(0, _table.Count);

        async Task RefusedAsync(string why, ProcessRequest request) => Assert.Equal(why, (await Assert.ThrowsAsync<WetwareException>(() => RunAsync(request))).Message);
    }

    [Fact]
    public async Task A_reader_that_breaks_off_ends_the_program_and_nothing_else()
    {
        using var broken = new BrokenStream();
        var (outcome, _) = await RunAsync(new ProcessRequest("flood", "100000") { Output = broken });
        Assert.NotEqual((ProcessEnding.Exited, 0u), (outcome.Ending, outcome.ExitCode));
        Assert.Equal(5u, (await RunAsync(new ProcessRequest("exit", "5"))).Outcome.ExitCode);
    }

    [Fact]
    public async Task Bytecode_is_kept_by_content_within_its_budget()
    {
        var cid = await _processes.PutAsync(Roms.Worker, Limit);
        Assert.Equal(Cid.Of(Roms.Worker), cid);
        Assert.True(await _processes.HasAsync(cid, Limit));
        using (var process = await _processes.StartAsync(cid, new ProcessRequest("exit", "6"), Limit))
        {
            Assert.Equal(6u, (await process.WaitAsync(Limit)).ExitCode);
        }

        await _processes.PutAsync(new byte[1 << 20], Limit);
        Assert.False(await _processes.HasAsync(cid, Limit));
        var unknown = await Assert.ThrowsAsync<WetwareException>(() => _processes.StartAsync(cid, new ProcessRequest(), Limit));
        Assert.Equal($"bytecode {cid} is not in the cache", unknown.Message);
        await Assert.ThrowsAsync<WetwareException>(() => _processes.PutAsync(new byte[(1 << 20) + 1], Limit));
    }

    [Fact]
    public async Task What_is_no_program_is_refused_with_the_reason()
    {
        var refused = await Assert.ThrowsAsync<WetwareException>(() => _processes.StartAsync("no module"u8.ToArray(), new ProcessRequest(), Limit));
        Assert.StartsWith("the module is refused: ", refused.Message, StringComparison.Ordinal);
        byte[] empty = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
        refused = await Assert.ThrowsAsync<WetwareException>(() => _processes.StartAsync(empty, new ProcessRequest(), Limit));
        Assert.Equal("the module is no program: it exports no function _start", refused.Message);
    }

    private Executor.Client NewExecutor(uint owner) => Executor.Client.Serve(new ExecutorServer(_table, _bytecode, new ProcessGroup(owner, new SessionBudget())));

    private async Task<(ProcessOutcome Outcome, uint Pid)> RunAsync(ProcessRequest request)
    {
        using var process = await _processes.StartAsync(Roms.Worker, request, Limit);
        return (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit), process.Pid);
    }

    private Task<RemoteProcess> SpinAsync(uint parent = 0) => _processes.StartAsync(Roms.Worker, new ProcessRequest("spin") { Parent = parent }, Limit);
}

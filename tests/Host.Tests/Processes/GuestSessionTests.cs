using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Host.Client;
using Wetware.Host.Processes;
using Wetware.Host.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Tests.Processes;

/// <summary>What programs reach over their socket, and what they cannot do with it.</summary>
public sealed class GuestSessionTests : IAsyncDisposable
{
    private const int SessionMax = 12;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ProcessTable _table;
    private readonly Executor.Client _executor;
    private readonly ProcessClient _processes;

    public GuestSessionTests()
    {
        var options = ProcessOptions.Default with { SessionProcessesMax = SessionMax, MemoryBytesMax = 16 << 20 };
        _table = new ProcessTable(options, NullLogger.Instance);
        _executor = Executor.Client.Serve(new ExecutorServer(_table, new BytecodeStore(options), new SessionBudget(), ProcessTable.Root));
        _processes = new ProcessClient(_executor);
    }

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _table.DisposeAsync();
        Assert.Equal(0, _table.Count);
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
        await UntilAsync(() => _table.Count == SessionMax);

        var refused = await Assert.ThrowsAsync<WetwareException>(() => _processes.StartAsync(Roms.Worker, new ProcessRequest("exit", "0"), Limit));
        Assert.Equal($"the session runs {SessionMax} processes already", refused.Message);
        await bomb.KillAsync(Limit);
        Assert.Equal(ProcessEnding.Killed, (await bomb.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
        await UntilAsync(() => _table.Count == 0);
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

        await dropped.Task.WaitAsync(s_patience, Limit);
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

        await dropped.Task.WaitAsync(s_patience, Limit);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!holds())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private static WetwareSession Session(View.Client view, Executor.Client executor = default) =>
        new(PeerId.None, default, view, default, default, default, executor);

    private async Task<(ProcessOutcome Outcome, string Output, uint Pid)> RunAsync(byte[] rom, WetwareSession? session, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var process = await _processes.StartAsync(rom, new ProcessRequest(arguments) { Session = session, Output = output, Error = output }, Limit);
        var outcome = await process.WaitAsync(Limit).WaitAsync(s_patience, Limit);
        return (outcome, Encoding.UTF8.GetString(output.ToArray()), process.Pid);
    }

    private sealed class Watched(TaskCompletionSource dropped) : View.IServer, IDisposable
    {
        public void Dispose() => dropped.TrySetResult();
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Services.Processes;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Tests.Processes;

/// <summary>Executors that are leased from one another, and what they end (decision 0412); over nodes in <see cref="Stories.ProcessTreeTests"/>.</summary>
public sealed class LeaseTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly ProcessTable _table;
    private readonly Executor.Client _executor;
    private readonly ProcessClient _processes;

    public LeaseTests()
    {
        var options = ProcessOptions.Default with { MemoryBytesMax = 16 << 20, SessionProcessesMax = 4 };
        _table = new ProcessTable(options, NullLogger.Instance);
        _executor = Executor.Client.Serve(new ExecutorServer(_table, new BytecodeStore(options), new ProcessGroup(ProcessTable.Root, new SessionBudget()), isHolder: true));
        _processes = new ProcessClient(_executor);
    }

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _executor.Dispose();
        await _table.DisposeAsync();
    }

    [Fact]
    public async Task A_lease_sees_and_kills_only_its_own_and_ends_it_when_it_is_given_back()
    {
        using var before = await SpinAsync(_processes);
        var lease = await LeaseAsync(_executor);
        var leased = new ProcessClient(lease);
        using var one = await SpinAsync(leased);
        using var two = await SpinAsync(leased);
        using var below = await SpinAsync(leased, one.Pid);
        Assert.Equal([one.Pid, two.Pid, below.Pid], (await leased.ListAsync(Limit)).Select(process => process.Pid).Order());
        Assert.Equal(4, (await _processes.ListAsync(Limit)).Count);

        await Assert.ThrowsAsync<WetwareException>(() => leased.KillAsync(before.Pid, Limit));
        await Assert.ThrowsAsync<WetwareException>(() => SpinAsync(leased, before.Pid));
        var full = await Assert.ThrowsAsync<WetwareException>(() => SpinAsync(leased));
        Assert.Equal("the session runs 4 processes already", full.Message);

        lease.Dispose();
        foreach (var process in new[] { one, two, below })
        {
            Assert.Equal(ProcessEnding.Killed, (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
        }

        Assert.Equal([before.Pid], (await _processes.ListAsync(Limit)).Select(process => process.Pid));
    }

    [Fact]
    public async Task Leases_lie_within_one_another_and_end_with_what_they_were_leased_from()
    {
        var outer = await LeaseAsync(_executor);
        using var inner = await LeaseAsync(outer);
        using var process = await SpinAsync(new ProcessClient(inner));
        Assert.Single(await new ProcessClient(outer).ListAsync(Limit));
        outer.Dispose();
        Assert.Equal(ProcessEnding.Killed, (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending);
        var refused = await Assert.ThrowsAsync<WetwareException>(() => SpinAsync(new ProcessClient(inner)));
        Assert.Equal("the executor's session has ended", refused.Message);
        await Assert.ThrowsAsync<RpcException>(() => LeaseAsync(inner));
        Assert.Empty(await _processes.ListAsync(Limit));
    }

    [Fact]
    public async Task Leases_lie_so_deep_and_no_deeper()
    {
        var leases = new List<Executor.Client> { _executor.AddRef() };
        while (leases.Count <= Host.Services.Processes.Limits.ExecutorDepthMax)
        {
            leases.Add(await LeaseAsync(leases[^1]));
        }

        var refused = await Assert.ThrowsAsync<RpcException>(() => LeaseAsync(leases[^1]));
        Assert.Equal("an executor is leased from another at most 16 times over", refused.Message);
        leases.ForEach(lease => lease.Dispose());
    }

    [Fact]
    public async Task A_program_leases_each_executor_once_and_not_too_many_and_gives_all_back()
    {
        var given = new int[1];
        using (var leases = new ExecutorLeases())
        {
            using var first = Executor.Client.Serve(new Lender(given));
            using (await leases.LeaseAsync(first, Limit))
            using (await leases.LeaseAsync(first, Limit))
            {
                Assert.Equal(1, given[0]);
            }

            var others = new List<Executor.Client>();
            for (var i = 1; i < Host.Services.Processes.Limits.ProcessLeasesMax; i++)
            {
                others.Add(Executor.Client.Serve(new Lender(given)));
                (await leases.LeaseAsync(others[^1], Limit)).Dispose();
            }

            using var more = Executor.Client.Serve(new Lender(given));
            var refused = await Assert.ThrowsAsync<RpcException>(() => leases.LeaseAsync(more, Limit));
            Assert.Equal("the program holds executors of 1024 nodes already", refused.Message);
            Assert.Equal(Host.Services.Processes.Limits.ProcessLeasesMax, given[0]);
            others.ForEach(other => other.Dispose());

            // One that is handed on is worth nothing once the program has ended.
            using var handed = await leases.LeaseAsync(first, Limit);
            leases.Dispose();
            refused = await Assert.ThrowsAsync<RpcException>(() => LeaseAsync(handed));
            Assert.Equal("the executor's process has ended", refused.Message);
            refused = await Assert.ThrowsAsync<RpcException>(() => leases.LeaseAsync(first, Limit));
            Assert.Equal("the program has ended", refused.Message);
        }

        Assert.Equal(0, given[0]);
    }

    private static async Task<Executor.Client> LeaseAsync(Executor.Client executor)
    {
        using var answer = executor.Lease(Limit);
        return (await answer).Executor.AddRef();
    }

    private static Task<RemoteProcess> SpinAsync(ProcessClient processes, uint parent = 0) =>
        processes.StartAsync(Roms.Worker, new ProcessRequest("spin") { Parent = parent }, Limit);

    /// <summary>Counts the leases that are out.</summary>
    private sealed class Lender(int[] given) : Executor.IServer
    {
        public ValueTask LeaseAsync(CallContext<Executor.LeaseParams.Reader, Executor.LeaseResults.Builder> call)
        {
            Interlocked.Increment(ref given[0]);
            using var lease = Executor.Client.Serve(new Lent(given));
            call.Results.SetExecutor(lease);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Lent(int[] given) : Executor.IServer, IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref given[0]);
    }
}

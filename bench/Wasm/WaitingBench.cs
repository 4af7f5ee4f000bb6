using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Client;
using Wetware.Host;
using Wetware.Host.Services.Processes;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Rpc.Transport;

namespace Wetware.Bench.Wasm;

/// <summary>What a process costs that waits on its socket: a thousand of them, started through an executor over a connection in memory.</summary>
internal static class WaitingBench
{
    // A program that waits in poll_oneoff for its socket of module "ww", which nobody writes to. It touches one page of its memory.
    private static readonly byte[] s_program = Convert.FromBase64String(
        "AGFzbQEAAAABEANgAAF/YAR/f39/AX9gAAACNgICd3cKc29ja19jbG9zZQAAFndhc2lfc25hcHNob3RfcHJldmlldzELcG9sbF9vbmVvZmYAAQMCAQIFAwEAAQcTAgZtZW1vcnkCAAZfc3RhcnQAAgoRAQ8AQQBBwABBAUGAARABGgsLEAEAQQgLCgEAAAAAAAAA6AM=");

    public static int Run(bool smoke) => RunAsync(smoke ? 20 : 1000).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(int count)
    {
        var options = ProcessOptions.Default with { ProcessesMax = count + 10, SessionProcessesMax = count + 10 };
        await using var table = new ProcessTable(options, NullLogger.Instance);
        var executor = Executor.Client.Serve(new ExecutorServer(table, new BytecodeStore(options), new ProcessGroup(ProcessTable.Root, new SessionBudget())));
        var (here, there) = Transports.InMemory();
        await using var server = RpcConnection.Start(there, RpcOptions.Default with { Bootstrap = executor.Capability });
        await using var client = RpcConnection.Start(here);
        var processes = new ProcessClient(client.Bootstrap<Executor.Client>());
        var running = new List<RemoteProcess>();
        for (var i = 0; i < 10; i++)
        {
            running.Add(await processes.StartAsync(s_program, new ProcessRequest("wait")));
        }

        var (resident, managed) = await SettledAsync();
        for (var i = 0; i < count; i++)
        {
            running.Add(await processes.StartAsync(s_program, new ProcessRequest("wait")));
        }

        var (residentAfter, managedAfter) = await SettledAsync();
        var isRight = table.Count == running.Count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} waiting processes: {(residentAfter - resident) / count / 1024.0:0.0} KB resident each, {(managedAfter - managed) / count / 1024.0:0.0} KB of that on the heap, 4 KB the guest's memory; goal 40 beyond that"));
        foreach (var process in running)
        {
            await process.KillAsync();
            _ = await process.WaitAsync();
            process.Dispose();
        }

        return isRight && table.Count == 0 ? 0 : 1;
    }

    /// <summary>Resident bytes and bytes on the heap once all processes wait and the garbage is gone.</summary>
    private static async Task<(long Resident, long Managed)> SettledAsync()
    {
        long last;
        var resident = long.MaxValue;
        do
        {
            await Task.Delay(300);
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            last = resident;
            resident = Environment.WorkingSet;
        }
        while (Math.Abs(last - resident) > 1 << 20);
        return (resident, GC.GetTotalMemory(forceFullCollection: true));
    }
}

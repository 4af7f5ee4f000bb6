using Wetware.Capnp;
using Wetware.Client.Net;
using Wetware.Core.Multiformats;
using Wetware.Host.Services.Crawling;
using Wetware.Host.Sessions;
using Wetware.Protocol;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using TextReader = Wetware.Capnp.TextReader;

namespace Wetware.Host.Services.Processes;

/// <summary>Runs programs of one group.</summary>
/// <param name="table">Where they run.</param>
/// <param name="bytecode">Where their bytecode is kept.</param>
/// <param name="group">What they are part of.</param>
/// <param name="isHolder">Whether the group ends with the last reference to this.</param>
internal sealed class ExecutorServer(ProcessTable table, BytecodeStore bytecode, ProcessGroup group, bool isHolder = false) : Executor.IServer, IDisposable
{
    public async ValueTask ExecAsync(CallContext<Executor.ExecParams.Reader, Executor.ExecResults.Builder> call)
    {
        var wire = call.Params;
        if (bytecode.Put(wire.Bytecode.Span) is not { } cid || !bytecode.TryGet(cid, out var bytes))
        {
            throw new RpcException("the bytecode is larger than all that the node keeps");
        }

        var process = await StartAsync(cid, bytes, wire.Args, wire.Env, wire.Stdio, wire.Session, wire.Ppid).ConfigureAwait(false);
        using var client = Process.Client.Serve(new ProcessServer(table, process));
        call.Results.SetProcess(client);
        call.Results.Pid = process.Pid;
        call.Results.SetCid(cid.Span);
    }

    public async ValueTask ExecCachedAsync(CallContext<Executor.ExecCachedParams.Reader, Executor.ExecCachedResults.Builder> call)
    {
        var wire = call.Params;
        if (!Cid.TryFromBytes(wire.Cid.Span, out var cid) || !bytecode.TryGet(cid, out var bytes))
        {
            throw new RpcException($"bytecode {(cid.IsNone ? "of that id" : cid.ToString())} is not in the cache");
        }

        var process = await StartAsync(cid, bytes, wire.Args, wire.Env, wire.Stdio, wire.Session, wire.Ppid).ConfigureAwait(false);
        using var client = Process.Client.Serve(new ProcessServer(table, process));
        call.Results.SetProcess(client);
        call.Results.Pid = process.Pid;
        call.Results.SetCid(cid.Span);
    }

    public ValueTask CacheAsync(CallContext<Executor.CacheParams.Reader, Executor.CacheResults.Builder> call)
    {
        using var cache = BytecodeCache.Client.Serve(new BytecodeCacheServer(bytecode));
        call.Results.SetCache(cache);
        return ValueTask.CompletedTask;
    }

    public ValueTask ListAsync(CallContext<Executor.ListParams.Reader, Executor.ListResults.Builder> call)
    {
        var processes = table.List(group);
        var wire = call.Results.InitProcesses(processes.Count);
        for (var i = 0; i < processes.Count; i++)
        {
            var info = wire[i];
            info.Pid = processes[i].Pid;
            info.Ppid = processes[i].Parent;
            info.SetCid(processes[i].Cid.Span);
            info.Time = processes[i].Began.ToUnixTimeMilliseconds();
            TextList.Write(info.InitArgv(processes[i].Arguments.Count), processes[i].Arguments);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask KillAsync(CallContext<Executor.KillParams.Reader, Executor.KillResults.Builder> call)
    {
        if (!table.TryFind(group, call.Params.Pid, out var process))
        {
            throw new RpcException($"there is no process {call.Params.Pid}");
        }

        table.Kill(process);
        return ValueTask.CompletedTask;
    }

    public ValueTask LeaseAsync(CallContext<Executor.LeaseParams.Reader, Executor.LeaseResults.Builder> call)
    {
        using var lease = Executor.Client.Serve(new ExecutorServer(table, bytecode, table.Lease(group), isHolder: true));
        call.Results.SetExecutor(lease);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        if (isHolder)
        {
            table.End(group);
        }
    }

    private async Task<GuestProcess> StartAsync(
        Cid cid, byte[] bytes, PointerListReader<TextReader> args, PointerListReader<TextReader> env, Stdio.Reader stdio, Session.Reader session, uint parent)
    {
        string[] arguments = [cid.ToString(), .. TextList.Read(args)];
        var environment = Environment(TextList.Read(env));
        if (arguments.Sum(static text => (long)text.Length) + environment.Sum(static pair => (long)pair.Key.Length + pair.Value.Length) > Limits.ProcessTextMax
            || arguments.Any(static text => text.Contains('\0', StringComparison.Ordinal)))
        {
            throw new RpcException($"arguments and environment have at most {Limits.ProcessTextMax} characters, none of them NUL");
        }

        var streams = ProcessStreams.From(stdio);
        // The program gets an executor of its own: a reference to its starter's would keep the starter's group alive.
        var hasExecutor = !session.Executor.Capability.IsNull;
        var capabilities = HeldSession.WithoutExecutor(session);
        try
        {
            var module = await bytecode.LoadProgramAsync(cid, bytes).ConfigureAwait(false);
            return table.Start(new ProcessSpec(cid, module, arguments, environment, streams, capabilities, NewExecutor) { HasExecutor = hasExecutor }, group, parent);
        }
        catch
        {
            streams.Dispose();
            capabilities.Dispose();
            throw;
        }
    }

    private Executor.Client NewExecutor(uint child) => Executor.Client.Serve(new ExecutorServer(table, bytecode, new ProcessGroup(child, group.Budget)));

    private static Dictionary<string, string> Environment(string[] entries)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var at = entry.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || entry.Contains('\0', StringComparison.Ordinal))
            {
                throw new RpcException("an entry of the environment is NAME=value");
            }

            environment[entry[..at]] = entry[(at + 1)..];
        }

        return environment;
    }
}

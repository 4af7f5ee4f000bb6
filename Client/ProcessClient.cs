using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Protocol;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Wire;

namespace Wetware.Client;

/// <summary>Runs WebAssembly programs on a node, which end with the session that starts them. Safe for concurrent use. Every method throws <see cref="WetwareException"/> when the node refuses or is lost.</summary>
public sealed class ProcessClient
{
    private readonly Executor.Client _executor;

    internal ProcessClient(Executor.Client executor) => _executor = executor;

    /// <summary>Starts a program.</summary>
    /// <param name="bytecode">A module that exports <c>_start</c>.</param>
    /// <param name="request">How.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<RemoteProcess> StartAsync(ReadOnlyMemory<byte> bytecode, ProcessRequest request, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = _executor.ExecRequest();
        call.Params.SetBytecode(bytecode.Span);
        call.Params.Ppid = request.Parent;
        TextList.Write(call.Params.InitArgs(request.Arguments.Count), request.Arguments);
        TextList.Write(call.Params.InitEnv(request.Environment.Count), Entries(request));
        request.Session?.Write(call.Params.InitSession());
        using var streams = new StandardStreams(request, call.Params.InitStdio());
        using var answer = call.Send(cancellation);
        var results = await answer;
        return new RemoteProcess(results.Process.AddRef(), results.Pid, Read(results.Cid.Span));
    });

    /// <summary>Starts a program whose bytecode the node has.</summary>
    public Task<RemoteProcess> StartAsync(Cid cid, ProcessRequest request, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = _executor.ExecCachedRequest();
        call.Params.SetCid(cid.Span);
        call.Params.Ppid = request.Parent;
        TextList.Write(call.Params.InitArgs(request.Arguments.Count), request.Arguments);
        TextList.Write(call.Params.InitEnv(request.Environment.Count), Entries(request));
        request.Session?.Write(call.Params.InitSession());
        using var streams = new StandardStreams(request, call.Params.InitStdio());
        using var answer = call.Send(cancellation);
        var results = await answer;
        return new RemoteProcess(results.Process.AddRef(), results.Pid, Read(results.Cid.Span));
    });

    /// <summary>The programs that run, parents before their children.</summary>
    public Task<IReadOnlyList<ProcessInfo>> ListAsync(CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _executor.List(cancellation);
        var processes = new List<ProcessInfo>();
        foreach (var wire in (await answer).Processes)
        {
            processes.Add(new ProcessInfo(
                wire.Pid, wire.Ppid, Read(wire.Cid.Span), TextList.Read(wire.Argv), DateTimeOffset.FromUnixTimeMilliseconds(wire.Time)));
        }

        return (IReadOnlyList<ProcessInfo>)processes;
    });

    /// <summary>Kills a program and its descendants.</summary>
    public Task KillAsync(uint pid, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _executor.Kill(pid, cancellation);
        await answer;
        return true;
    });

    /// <summary>Leaves bytecode with the node.</summary>
    /// <returns>By which it can be started.</returns>
    public Task<Cid> PutAsync(ReadOnlyMemory<byte> bytecode, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var cache = _executor.Cache(cancellation);
        using var answer = cache.Pipeline.Cache.Put(bytecode.Span, cancellation);
        return Read((await answer).Cid.Span);
    });

    /// <summary>Whether the node has some bytecode.</summary>
    public Task<bool> HasAsync(Cid cid, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var cache = _executor.Cache(cancellation);
        using var answer = cache.Pipeline.Cache.Has(cid.Span, cancellation);
        return (await answer).Has;
    });

    private static string[] Entries(ProcessRequest request) => [.. request.Environment.Select(static pair => $"{pair.Key}={pair.Value}")];

    private static Cid Read(ReadOnlySpan<byte> bytes) => Cid.TryFromBytes(bytes, out var cid) ? cid : default;
}

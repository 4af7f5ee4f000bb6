using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Protocol.Wire;

namespace Wetware.Client;

/// <summary>A program that was started. Disposing of it lets go of it and does not end it; the end of the session does. Safe for concurrent use.</summary>
public sealed class RemoteProcess : IDisposable
{
    private readonly Process.Client _process;

    internal RemoteProcess(Process.Client process, uint pid, Cid cid)
    {
        _process = process;
        Pid = pid;
        Cid = cid;
    }

    /// <summary>Its number on the node.</summary>
    public uint Pid { get; }

    /// <summary>Its bytecode, by which it can be started again.</summary>
    public Cid Cid { get; }

    /// <summary>Waits until it has ended, however it ends; its output has been written by then.</summary>
    /// <exception cref="WetwareException">The node was lost.</exception>
    public Task<ProcessOutcome> WaitAsync(CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _process.Wait(cancellation);
        var end = await answer;
        return new ProcessOutcome(end.ExitCode, (ProcessEnding)end.Ending, end.Reason.ToString());
    });

    /// <summary>Kills it and its descendants; nothing if it has ended.</summary>
    /// <exception cref="WetwareException">The node was lost.</exception>
    public Task KillAsync(CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _process.Kill(cancellation);
        await answer;
        return true;
    });

    internal void Write(Anchor.Value.Builder wire) => wire.SetProcess(_process);

    /// <summary>Lets go of it.</summary>
    public void Dispose() => _process.Dispose();
}

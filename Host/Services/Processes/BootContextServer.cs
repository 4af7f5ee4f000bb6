using Wetware.Client.Net;
using Wetware.Host.Services.Crawling;
using Wetware.Host.Sessions;
using Wetware.Protocol;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Processes;

/// <summary>What a program finds at the other end of its socket. Owns the executor.</summary>
/// <param name="process">The program.</param>
/// <param name="session">What it was started with.</param>
/// <param name="executor">Starts children of it.</param>
/// <param name="hasExecutor">Whether the program's session shows it.</param>
/// <param name="leases">What else it starts programs with.</param>
internal sealed class BootContextServer(
    GuestProcess process, HeldSession? session, Executor.Client executor, bool hasExecutor, ExecutorLeases leases) : BootContext.IServer, IDisposable
{
    public ValueTask PidAsync(CallContext<BootContext.PidParams.Reader, BootContext.PidResults.Builder> call)
    {
        call.Results.Pid = process.Pid;
        return ValueTask.CompletedTask;
    }

    public ValueTask CidAsync(CallContext<BootContext.CidParams.Reader, BootContext.CidResults.Builder> call)
    {
        call.Results.SetCid(process.Cid.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask ArgsAsync(CallContext<BootContext.ArgsParams.Reader, BootContext.ArgsResults.Builder> call)
    {
        TextList.Write(call.Results.InitArgs(process.Arguments.Count), process.Arguments);
        return ValueTask.CompletedTask;
    }

    public ValueTask SessionAsync(CallContext<BootContext.SessionParams.Reader, BootContext.SessionResults.Builder> call)
    {
        var wire = call.Results.InitSession();
        if (session is not null)
        {
            using var root = LeasedAnchorServer.Wrap(session.Wire.Anchor, leases);
            session.WriteTo(wire);
            wire.SetExecutor(hasExecutor ? executor : default);
            wire.SetAnchor(root);
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose() => executor.Capability?.Dispose();
}

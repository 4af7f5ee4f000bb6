using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Processes;

/// <summary>One program, for whoever holds it.</summary>
internal sealed class ProcessServer(ProcessTable table, GuestProcess process) : Process.IServer
{
    public async ValueTask WaitAsync(CallContext<Process.WaitParams.Reader, Process.WaitResults.Builder> call)
    {
        var end = await process.Completion.WaitAsync(call.Cancellation).ConfigureAwait(false);
        call.Results.ExitCode = end.ExitCode;
        call.Results.Ending = end.Ending;
        call.Results.SetReason(end.Reason);
    }

    public ValueTask KillAsync(CallContext<Process.KillParams.Reader, Process.KillResults.Builder> call)
    {
        table.Kill(process);
        return ValueTask.CompletedTask;
    }
}

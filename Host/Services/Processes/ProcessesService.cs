using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Processes;

/// <summary>Runs programs on the node. Those of a session are one group, which is killed when the last owner of the session is gone.</summary>
/// <param name="table">Where they run; owned.</param>
/// <param name="bytecode">Where their bytecode is kept.</param>
internal sealed class ProcessesService(ProcessTable table, BytecodeStore bytecode) : IService
{
    public string Name => ServiceNames.Processes;

    public IServiceSession Open(SessionOpening session) => new ExecutorSession(table, bytecode);

    public void Withhold(Session.Builder wire) => wire.SetExecutor(default);

    public ValueTask DisposeAsync() => table.DisposeAsync();

    private sealed class ExecutorSession : IServiceSession
    {
        private readonly Executor.Client _owned;
        private readonly Executor.Client _borrowed;

        public ExecutorSession(ProcessTable table, BytecodeStore bytecode)
        {
            var group = new ProcessGroup(ProcessTable.Root, new SessionBudget());
            _owned = Executor.Client.Serve(new ExecutorServer(table, bytecode, group, isHolder: true));
            _borrowed = Executor.Client.Serve(new ExecutorServer(table, bytecode, group));
            Ended = group.Ended;
        }

        public Task Ended { get; }

        public void Bind(Session.Builder wire, bool isOwner) => wire.SetExecutor(isOwner ? _owned : _borrowed);

        public void Dispose()
        {
            _owned.Dispose();
            _borrowed.Dispose();
        }
    }
}

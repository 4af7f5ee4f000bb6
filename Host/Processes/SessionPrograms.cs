using Wetware.Host.Protocol;

namespace Wetware.Host.Processes;

/// <summary>What a new session may run. Its programs are killed when the last reference to <see cref="Executor"/> is gone. Owns the references.</summary>
internal sealed class SessionPrograms : IDisposable
{
    public SessionPrograms(ProcessTable table, BytecodeStore bytecode)
    {
        var group = new ProcessGroup(ProcessTable.Root, new SessionBudget());
        Executor = Protocol.Executor.Client.Serve(new ExecutorServer(table, bytecode, group, isHolder: true));
        Borrowed = Protocol.Executor.Client.Serve(new ExecutorServer(table, bytecode, group));
        Ended = group.Ended;
    }

    /// <summary>For whoever the session belongs to.</summary>
    public Executor.Client Executor { get; }

    /// <summary>The same for what the session's own programs can reach, which must not keep it alive.</summary>
    public Executor.Client Borrowed { get; }

    /// <summary>Completes when the session's programs have been killed.</summary>
    public Task Ended { get; }

    public void Dispose()
    {
        Executor.Dispose();
        Borrowed.Dispose();
    }
}

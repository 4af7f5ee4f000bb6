using Wetware.Host.Processes;
using Wetware.Host.Protocol;
using Wetware.Host.PubSub;
using Wetware.Host.Services;

namespace Wetware.Host.Sessions;

/// <summary>The capabilities that each session has for itself, so that what it uses is counted. Owns the references.</summary>
internal sealed class SessionCapabilities : IDisposable
{
    public SessionCapabilities(ProcessTable table, BytecodeStore bytecode, TopicHub topics, int publishesPerSecondMax, RegistryServer registry)
    {
        var group = new ProcessGroup(ProcessTable.Root, new SessionBudget());
        Executor = Protocol.Executor.Client.Serve(new ExecutorServer(table, bytecode, group, isHolder: true));
        Borrowed = Protocol.Executor.Client.Serve(new ExecutorServer(table, bytecode, group));
        Topics = Router.Client.Serve(new RouterServer(topics, new Pace(publishesPerSecondMax)));
        Registry = Protocol.Registry.Client.Serve(registry);
        Ended = group.Ended;
    }

    /// <summary>For whoever the session belongs to. Its programs are killed when the last reference is gone.</summary>
    public Executor.Client Executor { get; }

    /// <summary>The same for what the session's own programs can reach, which must not keep it alive.</summary>
    public Executor.Client Borrowed { get; }

    public Router.Client Topics { get; }

    public Registry.Client Registry { get; }

    /// <summary>Completes when the session's programs have been killed.</summary>
    public Task Ended { get; }

    public void Dispose()
    {
        Executor.Dispose();
        Borrowed.Dispose();
        Topics.Dispose();
        Registry.Dispose();
    }
}

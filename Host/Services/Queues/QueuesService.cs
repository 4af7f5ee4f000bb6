using Wetware.Host.Consensus;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Queues;

/// <summary>The replicated queues.</summary>
internal sealed class QueuesService(Proposer proposer, IStateMachine machine) : IService
{
    private readonly QueueService.Client _queue = QueueService.Client.Serve(new QueueServer(proposer, machine));

    public string Name => ServiceNames.Queues;

    public IServiceSession Open(SessionOpening session) => new Lent(wire => wire.SetQueue(_queue));

    public void Withhold(Session.Builder wire) => wire.SetQueue(default);

    public ValueTask DisposeAsync()
    {
        _queue.Dispose();
        return default;
    }
}

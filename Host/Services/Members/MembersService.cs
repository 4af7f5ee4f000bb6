using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Members;

/// <summary>What members of the cluster tell one another: Raft's messages and gossip.</summary>
internal sealed class MembersService(ConsensusServer consensus, GossipServer gossip) : IService
{
    private readonly Protocol.Wire.Consensus.Client _consensus = Protocol.Wire.Consensus.Client.Serve(consensus);
    private readonly Gossip.Client _gossip = Gossip.Client.Serve(gossip);

    public string Name => ServiceNames.Members;

    public IServiceSession Open(SessionOpening session) => new Lent(wire =>
    {
        wire.SetConsensus(_consensus);
        wire.SetGossip(_gossip);
    });

    public void Withhold(Session.Builder wire)
    {
        wire.SetConsensus(default);
        wire.SetGossip(default);
    }

    public ValueTask DisposeAsync()
    {
        _consensus.Dispose();
        _gossip.Dispose();
        return default;
    }
}

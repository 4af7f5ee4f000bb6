using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.PubSub;

/// <summary>Publishing to the topics of gossip, and subscribing to them.</summary>
/// <param name="topics">What is heard on this node; owned.</param>
/// <param name="publishesPerSecondMax">Messages that one session may publish in a second.</param>
internal sealed class PubSubService(TopicHub topics, int publishesPerSecondMax) : IService
{
    public string Name => ServiceNames.PubSub;

    public IServiceSession Open(SessionOpening session)
    {
        var router = Router.Client.Serve(new RouterServer(topics, new Pace(publishesPerSecondMax)));
        return new Lent(wire => wire.SetPubSub(router), router);
    }

    public void Withhold(Session.Builder wire) => wire.SetPubSub(default);

    public ValueTask DisposeAsync()
    {
        topics.Dispose();
        return default;
    }
}

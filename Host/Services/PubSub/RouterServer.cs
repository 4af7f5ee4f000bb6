using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.PubSub;

/// <summary>The topics of the cluster, by name, for one session.</summary>
internal sealed class RouterServer(TopicHub hub, Pace pace) : Router.IServer
{
    public ValueTask JoinAsync(CallContext<Router.JoinParams.Reader, Router.JoinResults.Builder> call)
    {
        var name = call.Params.Name.ToString();
        TopicHub.Check(name);
        using var topic = Topic.Client.Serve(new TopicServer(hub, pace, name));
        call.Results.SetTopic(topic);
        return ValueTask.CompletedTask;
    }
}

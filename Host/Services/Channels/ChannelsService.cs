using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Channels;

/// <summary>Channels in the memory of the node.</summary>
internal sealed class ChannelsService : IService
{
    private readonly Protocol.Wire.Channels.Client _channels = Protocol.Wire.Channels.Client.Serve(new ChannelsServer(new ChannelHub()));

    public string Name => ServiceNames.Channels;

    public IServiceSession Open(SessionOpening session) => new Lent(wire => wire.SetChannels(_channels));

    public void Withhold(Session.Builder wire) => wire.SetChannels(default);

    public ValueTask DisposeAsync()
    {
        _channels.Dispose();
        return default;
    }
}

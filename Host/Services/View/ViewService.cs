using Wetware.Host.Membership;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Host.Services.View;

/// <summary>Queries of the routing table.</summary>
internal sealed class ViewService(TableView table) : IService
{
    private readonly Wire.View.Client _view = Wire.View.Client.Serve(new ViewServer(table));

    public string Name => ServiceNames.View;

    public IServiceSession Open(SessionOpening session) => new Lent(wire => wire.SetView(_view));

    public void Withhold(Session.Builder wire) => wire.SetView(default);

    public ValueTask DisposeAsync()
    {
        _view.Dispose();
        return default;
    }
}

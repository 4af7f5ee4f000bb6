using Wetware.Client.Net;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Extra;

/// <summary>The services of the program that embeds the node, each granted by its own name.</summary>
internal sealed class ExtraServices(IReadOnlyList<IWetwareService> services) : IService
{
    public string Name => "extra";

    /// <summary>A policy grants them one by one.</summary>
    public bool IsGranted(SessionGrant grant) => true;

    public IServiceSession Open(SessionOpening session)
    {
        var opened = new List<(string Name, Capability Capability)>();
        foreach (var service in services)
        {
            if (session.Grant.Includes(service.Name))
            {
                opened.Add((service.Name, service.Open(session.Account)));
            }
        }

        return new ExtraSession(opened);
    }

    public void Restrict(Session.Builder wire, SessionGrant grant)
    {
        using var all = HeldSession.From(wire.AsReader());
        var granted = new List<Session.Extra.Reader>();
        foreach (var extra in all.Wire.Extra)
        {
            if (grant.Includes(extra.Name.ToString()))
            {
                granted.Add(extra);
            }
        }

        var kept = wire.InitExtra(granted.Count);
        for (var i = 0; i < granted.Count; i++)
        {
            kept[i].Raw.CopyFrom(granted[i].Raw);
        }
    }

    public void Withhold(Session.Builder wire) => wire.InitExtra(0);

    public ValueTask DisposeAsync() => default;

    private sealed class ExtraSession(List<(string Name, Capability Capability)> opened) : IServiceSession
    {
        public void Bind(Session.Builder wire, bool isOwner)
        {
            var extra = wire.InitExtra(opened.Count);
            for (var i = 0; i < opened.Count; i++)
            {
                extra[i].SetName(opened[i].Name);
                extra[i].SetCapability(opened[i].Capability);
            }
        }

        public void Dispose() => opened.ForEach(static one => one.Capability.Dispose());
    }
}

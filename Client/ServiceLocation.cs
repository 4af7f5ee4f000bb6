using Wetware.Capnp;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>Where a service is: at addresses, at an anchor, or behind a capability; exactly one of them.</summary>
public sealed record ServiceLocation
{
    private ServiceLocation(string service) => Service = service;

    /// <summary>The service's name.</summary>
    public string Service { get; }

    /// <summary>Whatever the provider says of itself, such as "version=2".</summary>
    public IReadOnlyList<string> Meta { get; init; } = [];

    /// <summary>Where it can be dialled; empty if it is elsewhere.</summary>
    public IReadOnlyList<Multiaddr> Addresses { get; private init; } = [];

    /// <summary>The path of its anchor; null if it is elsewhere.</summary>
    public string? Anchor { get; private init; }

    /// <summary>What to call; null if it is elsewhere. Borrowed.</summary>
    public Capability? Capability { get; private init; }

    /// <summary>A service that can be dialled.</summary>
    public static ServiceLocation AtAddresses(string service, params IReadOnlyList<Multiaddr> addresses) => new(service) { Addresses = addresses };

    /// <summary>A service whose capability, or data, is in an anchor.</summary>
    public static ServiceLocation AtAnchor(string service, string path) => new(service) { Anchor = path };

    /// <summary>A service that is called through a capability, such as a <see cref="RemoteChannel"/>'s.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="capability">Borrowed until the location was provided.</param>
    public static ServiceLocation Of(string service, Capability capability) => new(service) { Capability = capability };

    /// <exception cref="WetwareException">It is malformed.</exception>
    internal static ServiceLocation Read(Location.Reader wire)
    {
        try
        {
            var meta = new List<string>();
            foreach (var entry in wire.Meta)
            {
                meta.Add(entry.ToString());
            }

            return ReadPlace(wire, wire.Service.ToString()) with { Meta = meta };
        }
        catch (DecodeException failure)
        {
            throw new WetwareException("the location is malformed", failure);
        }
    }

    internal void Write(Location.Builder wire)
    {
        wire.SetService(Service);
        var meta = wire.InitMeta(Meta.Count);
        for (var i = 0; i < Meta.Count; i++)
        {
            meta.SetText(i, Meta[i]);
        }

        if (Capability is not null)
        {
            Capability.Write(wire.InitCustom(), Capability);
        }
        else if (Anchor is not null)
        {
            wire.SetAnchor(Anchor);
        }
        else
        {
            var addresses = wire.InitMaddrs(Addresses.Count);
            for (var i = 0; i < Addresses.Count; i++)
            {
                addresses.SetData(i, Addresses[i].Bytes);
            }
        }
    }

    private static ServiceLocation ReadPlace(Location.Reader wire, string service)
    {
        switch (wire.Which)
        {
            case Location.Which.Anchor:
                return AtAnchor(service, wire.Anchor.ToString());
            case Location.Which.Custom when wire.Custom.Kind == PointerKind.Capability:
                return Of(service, Capability.Read(wire.Custom).AddRef());
            case Location.Which.Maddrs:
                var addresses = new List<Multiaddr>();
                foreach (var bytes in wire.Maddrs)
                {
                    // One that this version does not know does not make the others useless.
                    if (Multiaddr.TryFromBytes(bytes.Span, out var address))
                    {
                        addresses.Add(address);
                    }
                }

                return AtAddresses(service, addresses);
            default:
                return new ServiceLocation(service);
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Client.Net;

/// <summary>Between multiaddrs and what sockets take: TCP over ip4, ip6 and dns, and Unix sockets.</summary>
internal static class Endpoints
{
    /// <summary>Reads an address to accept connections on.</summary>
    /// <exception cref="WetwareOptionsException">It is malformed, or no address that this node can listen on.</exception>
    public static Multiaddr ParseListen(string text)
    {
        var address = Parse(text, "listen address");
        if (ToEndPoint(address) is null or DnsEndPoint)
        {
            throw new WetwareOptionsException($"listen address '{text}': only /ip4|ip6/…/tcp/PORT and /unix/PATH can be listened on");
        }

        return address;
    }

    /// <summary>Reads an address to dial.</summary>
    /// <exception cref="WetwareOptionsException">It is malformed, or no address that this node can dial.</exception>
    public static Multiaddr ParseDial(string text)
    {
        var address = Parse(text, "address");
        if (ToEndPoint(address) is null)
        {
            throw new WetwareOptionsException($"address '{text}': only /ip4|ip6|dns/…/tcp/PORT and /unix/PATH can be dialled");
        }

        return address;
    }

    /// <summary>What a socket binds or connects to; null if the address is of a kind that this node does not speak.</summary>
    public static EndPoint? ToEndPoint(Multiaddr address)
    {
        IPAddress? ip = null;
        string? name = null;
        foreach (var component in address)
        {
            var protocol = component.Protocol;
            if (protocol == MultiaddrProtocol.Ip4 || protocol == MultiaddrProtocol.Ip6)
            {
                ip = new IPAddress(component.Value);
            }
            else if (protocol == MultiaddrProtocol.Dns || protocol == MultiaddrProtocol.Dns4 || protocol == MultiaddrProtocol.Dns6)
            {
                name = component.Text;
            }
            else if (protocol == MultiaddrProtocol.Tcp)
            {
                return ip is not null ? new IPEndPoint(ip, component.Port) : name is not null ? new DnsEndPoint(name, component.Port) : null;
            }
            else if (protocol == MultiaddrProtocol.Unix)
            {
                return new UnixDomainSocketEndPoint(component.Text);
            }
            else if (protocol != MultiaddrProtocol.P2p)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The address of a bound socket, with the peer that answers there.</summary>
    public static Multiaddr FromEndPoint(EndPoint endPoint, PeerId peer)
    {
        var text = endPoint switch
        {
            IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } ip6 =>
                string.Create(CultureInfo.InvariantCulture, $"/ip6/{ip6.Address}/tcp/{ip6.Port}"),
            IPEndPoint ip4 => string.Create(CultureInfo.InvariantCulture, $"/ip4/{ip4.Address}/tcp/{ip4.Port}"),
            // In text a Unix path takes the rest of a multiaddr, so no peer id can follow it.
            UnixDomainSocketEndPoint unix => "/unix" + unix,
            _ => throw new WetwareOptionsException($"cannot listen on {endPoint}"),
        };
        var address = Multiaddr.Parse(text);
        return endPoint is UnixDomainSocketEndPoint ? address : address.Append(Multiaddr.Parse("/p2p/" + peer));
    }

    private static Multiaddr Parse(string text, string what) =>
        Multiaddr.TryParse(text, out var address, out var error)
            ? address
            : throw new WetwareOptionsException($"{what} '{text}': {error}");
}

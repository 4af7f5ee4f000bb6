using System.Diagnostics.CodeAnalysis;
using System.Net;
using Wetware.Core.Multiformats;

namespace Wetware.Membership.Boot;

/// <summary>
/// How to find a first peer, as one multiaddr says it:
/// <code>
/// /ip4/10.0.0.1/tcp/2020                        static: dial it (any stream address, or one that ends in /p2p/ID)
/// /ip4/228.8.8.8/udp/8822/multicast/lo          survey of a multicast group, on an interface
/// /ip4/228.8.8.8/udp/8822/multicast/lo/survey   the same, the nearest peers first
/// /ip4/10.0.1.0/udp/8822/cidr/24                crawl of a network
/// /ip4/10.0.1.7/udp/8822                        one request to one port
/// </code>
/// </summary>
/// <param name="Kind">Which of the ways.</param>
/// <param name="Address">The whole address.</param>
/// <param name="EndPoint">Where datagrams go: the group, any address of the network, or the port; null for static.</param>
/// <param name="Interface">The network interface of a multicast group.</param>
/// <param name="NetworkBits">Of a crawl: how many leading bits the addresses share.</param>
public sealed record BootTarget(BootKind Kind, Multiaddr Address, IPEndPoint? EndPoint, string? Interface, int NetworkBits)
{
    /// <summary>Where a node surveys unless told otherwise.</summary>
    public const string Default = "/ip4/228.8.8.8/udp/8822/multicast/lo";

    /// <summary>Reads a target; false, with a reason in one line, if the text is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out BootTarget? target, [NotNullWhen(false)] out string? error)
    {
        target = null;
        if (!Multiaddr.TryParse(text, out var address, out error))
        {
            return false;
        }

        var multicast = address.TryFind(MultiaddrProtocol.Multicast, out var networkInterface);
        var cidr = address.TryFind(MultiaddrProtocol.Cidr, out var bits);
        if (!address.Peer.IsNone || (!multicast && !cidr && IsStream(address)))
        {
            target = new BootTarget(BootKind.Static, address, null, null, 0);
            return true;
        }

        if (EndPointOf(address) is not { } endPoint)
        {
            error = $"unknown boot protocol: '{text}' is no address to dial, survey or crawl";
            return false;
        }

        if (multicast)
        {
            return TrySurvey(address, endPoint, networkInterface.Text, cidr, out target, out error);
        }

        if (cidr && bits.Value[0] > endPoint.Address.GetAddressBytes().Length * 8)
        {
            error = $"CIDR overflow: /{bits.Value[0]} of {endPoint.Address}";
            return false;
        }

        target = new BootTarget(cidr ? BootKind.Crawl : BootKind.Port, address, endPoint, null, cidr ? bits.Value[0] : 0);
        return true;
    }

    private static bool TrySurvey(
        Multiaddr address,
        IPEndPoint group,
        string networkInterface,
        bool cidr,
        [NotNullWhen(true)] out BootTarget? target,
        [NotNullWhen(false)] out string? error)
    {
        target = null;
        var isGroup = group.Address.IsIPv6Multicast || (group.Address.GetAddressBytes() is [>= 224 and < 240, _, _, _]);
        error = cidr ? "a multicast group is surveyed, not crawled" : isGroup ? null : $"not a multicast addr: {group.Address}";
        if (error is null)
        {
            var gradual = address.TryFind(MultiaddrProtocol.Survey, out _);
            target = new BootTarget(gradual ? BootKind.GradualSurvey : BootKind.Survey, address, group, networkInterface, 0);
        }

        return target is not null;
    }

    private static bool IsStream(Multiaddr address) =>
        address.TryFind(MultiaddrProtocol.Tcp, out _)
        || address.TryFind(MultiaddrProtocol.Unix, out _)
        || address.TryFind(MultiaddrProtocol.QuicV1, out _)
        || address.TryFind(MultiaddrProtocol.Quic, out _);

    private static IPEndPoint? EndPointOf(Multiaddr address)
    {
        var found = address.TryFind(MultiaddrProtocol.Ip4, out var ip) || address.TryFind(MultiaddrProtocol.Ip6, out ip);
        return found && address.TryFind(MultiaddrProtocol.Udp, out var udp) ? new IPEndPoint(new IPAddress(ip.Value), udp.Port) : null;
    }
}

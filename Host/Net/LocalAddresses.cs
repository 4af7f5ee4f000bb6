using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Host.Net;

/// <summary>What a listener is announced as: its own address, or those of the machine if it listens on all of them.</summary>
internal static class LocalAddresses
{
    public static IEnumerable<Multiaddr> Announced(EndPoint endPoint, PeerId peer)
    {
        if (endPoint is not IPEndPoint ip || !(ip.Address.Equals(IPAddress.Any) || ip.Address.Equals(IPAddress.IPv6Any)))
        {
            return [Endpoints.FromEndPoint(endPoint, peer)];
        }

        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == ip.AddressFamily && !address.IsIPv6LinkLocal)
            .OrderBy(IPAddress.IsLoopback)
            .Select(address => Endpoints.FromEndPoint(new IPEndPoint(address, ip.Port), peer));
    }
}

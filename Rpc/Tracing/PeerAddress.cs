using System.Net;

namespace Wetware.Rpc.Tracing;

/// <summary>Where the peer of a connection is, as spans say it.</summary>
/// <param name="Address">An IP address, or the path of a Unix socket.</param>
/// <param name="Port">0 if there is none.</param>
/// <param name="Transport">What OpenTelemetry calls the transport.</param>
internal sealed record PeerAddress(string Address, int Port, string Transport)
{
    /// <summary>Reads what a transport calls its peer.</summary>
    /// <returns>Null if that is no address, as of an in-memory connection.</returns>
    public static PeerAddress? Of(string peer)
    {
        if (IPEndPoint.TryParse(peer, out var end) && end.Port != 0)
        {
            var address = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
            return new PeerAddress(address.ToString(), end.Port, "tcp");
        }

        return peer.StartsWith('/') ? new PeerAddress(peer, 0, "unix") : null;
    }
}

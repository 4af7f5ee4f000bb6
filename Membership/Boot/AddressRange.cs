using System.Net;
using Wetware.Core;

namespace Wetware.Membership.Boot;

/// <summary>
/// The addresses of a network, each once, in an order that does not look like a scan: a counter, exclusive or with a random mask of
/// the host's bits. The network's own address and that of broadcast are left out, unless the network is of one or two addresses.
/// </summary>
public sealed class AddressRange
{
    /// <summary>The widest network that is crawled has so many bits for hosts: sixteen million addresses, a day at 200 a second.</summary>
    public const int HostBitsMax = 24;

    private readonly byte[] _network;
    private readonly int _hostBits;
    private readonly uint _mask;
    private uint _next;

    /// <summary>The range of a network.</summary>
    /// <param name="address">Any address of it.</param>
    /// <param name="networkBits">How many leading bits its addresses share.</param>
    /// <param name="prng">Decides the order.</param>
    /// <exception cref="MembershipException">The network is wider than can be crawled, or has more bits than an address.</exception>
    public AddressRange(IPAddress address, int networkBits, ref Prng prng)
    {
        _network = address.GetAddressBytes();
        var bits = _network.Length * 8;
        if (networkBits < 0 || networkBits > bits)
        {
            throw new MembershipException($"CIDR overflow: /{networkBits} of an address of {bits} bits");
        }

        _hostBits = bits - networkBits;
        if (_hostBits > HostBitsMax)
        {
            throw new MembershipException($"/{networkBits} is too wide to crawl; /{bits - HostBitsMax} is the widest");
        }

        _mask = (uint)prng.Below(1UL << _hostBits);
        for (var bit = 0; bit < _hostBits; bit++)
        {
            _network[^(1 + (bit / 8))] &= (byte)~(1 << (bit % 8));
        }
    }

    /// <summary>The next address; false if all have been given.</summary>
    public bool TryNext(out IPAddress address)
    {
        var size = 1U << _hostBits;
        while (_next < size)
        {
            var host = _next++ ^ _mask;
            if (_hostBits > 1 && (host == 0 || host == size - 1))
            {
                continue;
            }

            address = At(host);
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    private IPAddress At(uint host)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[.._network.Length];
        _network.CopyTo(bytes);
        for (var i = 0; i < sizeof(uint); i++)
        {
            bytes[^(1 + i)] |= (byte)(host >> (8 * i));
        }

        return new IPAddress(bytes);
    }
}

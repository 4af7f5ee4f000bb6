using System.Collections.Frozen;

namespace Wetware.Core.Multiformats;

/// <summary>How one protocol of a multiaddr is written (https://github.com/multiformats/multiaddr, protocols.csv).</summary>
/// <param name="Code">Its number on the wire.</param>
/// <param name="Name">Its name in text.</param>
/// <param name="ValueBytes">The length of its value in bytes; <see cref="Prefixed"/> where the value carries its own length.</param>
public sealed record MultiaddrProtocol(int Code, string Name, int ValueBytes)
{
    /// <summary>Marks a value that is preceded by its length.</summary>
    public const int Prefixed = -1;

    /// <summary>An IPv4 address.</summary>
    public static readonly MultiaddrProtocol Ip4 = new(4, "ip4", 4);

    /// <summary>A TCP port.</summary>
    public static readonly MultiaddrProtocol Tcp = new(6, "tcp", 2);

    /// <summary>An IPv6 address.</summary>
    public static readonly MultiaddrProtocol Ip6 = new(41, "ip6", 16);

    /// <summary>The zone of the IPv6 address that follows.</summary>
    public static readonly MultiaddrProtocol Ip6Zone = new(42, "ip6zone", Prefixed);

    /// <summary>A host name, whatever its address family.</summary>
    public static readonly MultiaddrProtocol Dns = new(53, "dns", Prefixed);

    /// <summary>A host name that resolves to IPv4.</summary>
    public static readonly MultiaddrProtocol Dns4 = new(54, "dns4", Prefixed);

    /// <summary>A host name that resolves to IPv6.</summary>
    public static readonly MultiaddrProtocol Dns6 = new(55, "dns6", Prefixed);

    /// <summary>A host name whose TXT records hold multiaddrs.</summary>
    public static readonly MultiaddrProtocol DnsAddr = new(56, "dnsaddr", Prefixed);

    /// <summary>The network interface on which to reach a multicast group. Wetware's own code.</summary>
    public static readonly MultiaddrProtocol Multicast = new(100, "multicast", Prefixed);

    /// <summary>Asks for a gradual survey. Wetware's own code.</summary>
    public static readonly MultiaddrProtocol Survey = new(101, "survey", 0);

    /// <summary>How many bits of the address before it name the network, 0 to 128. Wetware's own code.</summary>
    public static readonly MultiaddrProtocol Cidr = new(103, "cidr", 1);

    /// <summary>A UDP port.</summary>
    public static readonly MultiaddrProtocol Udp = new(273, "udp", 2);

    /// <summary>A Unix-domain socket; its path is the rest of the address.</summary>
    public static readonly MultiaddrProtocol Unix = new(400, "unix", Prefixed);

    /// <summary>A peer id.</summary>
    public static readonly MultiaddrProtocol P2p = new(421, "p2p", Prefixed);

    /// <summary>TLS.</summary>
    public static readonly MultiaddrProtocol Tls = new(448, "tls", 0);

    /// <summary>QUIC, draft 29.</summary>
    public static readonly MultiaddrProtocol Quic = new(460, "quic", 0);

    /// <summary>QUIC, RFC 9000.</summary>
    public static readonly MultiaddrProtocol QuicV1 = new(461, "quic-v1", 0);

    private static readonly MultiaddrProtocol[] s_all =
        [Ip4, Tcp, Ip6, Ip6Zone, Dns, Dns4, Dns6, DnsAddr, Multicast, Survey, Cidr, Udp, Unix, P2p, Tls, Quic, QuicV1];

    private static readonly FrozenDictionary<int, MultiaddrProtocol> s_byCode = s_all.ToFrozenDictionary(p => p.Code);

    private static readonly FrozenDictionary<string, MultiaddrProtocol>.AlternateLookup<ReadOnlySpan<char>> s_byName =
        s_all.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The protocol with a code, or null if it is not known here.</summary>
    public static MultiaddrProtocol? Find(ulong code) => code <= int.MaxValue ? s_byCode.GetValueOrDefault((int)code) : null;

    /// <summary>The protocol with a name, or null if it is not known here. <c>ipfs</c> is the old name of <c>p2p</c>.</summary>
    public static MultiaddrProtocol? Find(ReadOnlySpan<char> name) =>
        s_byName.TryGetValue(name, out var protocol) ? protocol : name is "ipfs" ? P2p : null;
}

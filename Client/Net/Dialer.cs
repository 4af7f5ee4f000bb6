using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Core.Identity;

namespace Wetware.Client.Net;

/// <summary>How this process calls on nodes.</summary>
/// <param name="Key">Whose sessions they are to be.</param>
/// <param name="Namespace">The namespace that nodes must be of.</param>
/// <param name="Security">What is done to a connection first.</param>
/// <param name="Timeout">For one attempt, login included.</param>
internal sealed record Dialer(PeerKey Key, string Namespace, IChannelSecurity Security, TimeSpan Timeout)
{
    /// <summary>Whether answers go on on the thread pool, for programs that may do anything then; the loops of a node do not block.</summary>
    public bool ContinuesElsewhere { get; init; }

    /// <summary>The security that an option asks for.</summary>
    public static IChannelSecurity NewSecurity(PeerKey key, string ns, bool isInsecure) =>
        isInsecure ? new PlainSecurity() : new TlsSecurity(key, ns, TimeProvider.System);

    /// <summary>Dials a node and logs in.</summary>
    /// <param name="address">If it names a peer, that peer must answer.</param>
    /// <param name="expected">The peer that must answer in any case; <see cref="PeerId.None"/> to leave it to the address.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="WetwareException">It cannot be reached, or it refused.</exception>
    public Task<RemoteNode> DialAsync(Multiaddr address, PeerId expected, CancellationToken cancellation) =>
        RemoteNode.ConnectAsync(this, address, expected.IsNone ? address.Peer : expected, cancellation);
}

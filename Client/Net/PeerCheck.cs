using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Wetware.Core;
using Wetware.Core.Identity;

namespace Wetware.Client.Net;

/// <summary>Decides on the certificate that the other side of one handshake shows, and remembers what it found.</summary>
/// <param name="expected">Who it must be; <see cref="PeerId.None"/> if anybody may.</param>
/// <param name="clock">By which it must be valid.</param>
internal sealed class PeerCheck(PeerId expected, TimeProvider clock)
{
    /// <summary>Who it is, once that is proved.</summary>
    public PeerId Peer { get; private set; } = PeerId.None;

    /// <summary>The certificate in DER.</summary>
    public byte[] Certificate { get; private set; } = [];

    /// <summary>Why it was refused; null if it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The platform's own findings do not matter: nobody but the peer vouches for a peer.</summary>
    public bool IsBelieved(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Certificate = certificate?.GetRawCertData() ?? [];
        Refusal = Judge(chain);
        return Refusal is null;
    }

    private string? Judge(X509Chain? chain)
    {
        if (chain is not null && chain.ChainPolicy.ExtraStore.Any(extra => !extra.RawDataMemory.Span.SequenceEqual(Certificate)))
        {
            return "it showed more than one certificate";
        }

        if (!PeerCertificate.TryVerify(Certificate, clock.GetUtcNow(), out var key, out var fault))
        {
            return PeerCertificate.Explain(fault);
        }

        if (!expected.IsNone && key.Peer != expected)
        {
            return $"it is peer {key.Peer}, not {expected}";
        }

        Peer = key.Peer;
        return null;
    }
}

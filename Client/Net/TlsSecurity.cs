using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Rpc.Transport;

namespace Wetware.Client.Net;

/// <summary>
/// TLS 1.3 in which both sides prove their peer ids, after libp2p's TLS specification. The application protocol that both must
/// agree on names this protocol, its major version and the cluster's namespace, so clusters do not mix.
/// </summary>
internal sealed class TlsSecurity : IChannelSecurity
{
    /// <summary>Major version of what is said over a connection: peers of another one are not understood.</summary>
    private const int ProtocolMajor = 1;

    private static readonly TimeSpan s_skew = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(3650);
    private readonly TimeProvider _clock;
    private readonly X509Certificate2 _certificate;
    private readonly byte[] _shown;
    private readonly SslStreamCertificateContext _context;
    private readonly SslApplicationProtocol _protocol;
    private readonly string _ns;

    /// <param name="key">Whose connections they are. A certificate is made for it, with a key that lives as long as this.</param>
    /// <param name="ns">The cluster's name.</param>
    /// <param name="clock">By which certificates must be valid.</param>
    public TlsSecurity(PeerKey key, string ns, TimeProvider clock)
        : this(PeerCertificate.Create(key, clock.GetUtcNow() - s_skew, clock.GetUtcNow() + s_lifetime), ns, clock)
    {
    }

    /// <param name="certificate">What is shown; owned.</param>
    /// <param name="ns">The cluster's name.</param>
    /// <param name="clock">By which certificates must be valid.</param>
    internal TlsSecurity(X509Certificate2 certificate, string ns, TimeProvider clock)
    {
        _clock = clock;
        _ns = ns;
        _certificate = certificate;
        _shown = certificate.RawData;
        _context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        _protocol = new SslApplicationProtocol(Encoding.UTF8.GetBytes($"ww/{ProtocolMajor}/{ns}"));
    }

    public async Task<SecuredChannel> ConnectAsync(EndPoint endPoint, PeerId expected, CancellationToken cancellation)
    {
        var check = new PeerCheck(expected, _clock);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "",
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [_protocol],
            ClientCertificateContext = _context,
            RemoteCertificateValidationCallback = check.IsBelieved,
            CertificateChainPolicy = NoChain(),
            AllowTlsResume = false,
        };
        try
        {
            var transport = await Transports.ConnectTlsAsync(endPoint, options, Agree, cancellation).ConfigureAwait(false);
            return new SecuredChannel(transport, check.Peer, ChannelBinding.Of(server: check.Certificate, client: _shown));
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            throw Explain(failure, check);
        }
    }

    public async Task<SecuredChannel> AcceptAsync(Socket socket, CancellationToken cancellation)
    {
        var check = new PeerCheck(PeerId.None, _clock);
        var options = new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [_protocol],
            ServerCertificateContext = _context,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = check.IsBelieved,
            CertificateChainPolicy = NoChain(),
            AllowTlsResume = false,
        };
        try
        {
            var transport = await Transports.AcceptTlsAsync(socket, options, Agree, cancellation).ConfigureAwait(false);
            return new SecuredChannel(transport, check.Peer, ChannelBinding.Of(server: _shown, client: check.Certificate));
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or SocketException)
        {
            throw Explain(failure, check);
        }
    }

    public void Dispose() => _certificate.Dispose();

    /// <summary>The platform's chain is not asked for its opinion: no authority vouches for a peer.</summary>
    private static X509ChainPolicy NoChain() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>Whoever names no application protocol at all is refused as well.</summary>
    private void Agree(SslStream stream)
    {
        if (stream.NegotiatedApplicationProtocol != _protocol)
        {
            throw new ChannelException(OtherProtocol);
        }
    }

    private string OtherProtocol => $"it is of another namespace than '{_ns}', or speaks another major version than {ProtocolMajor}";

    private ChannelException Explain(Exception failure, PeerCheck check)
    {
        if (check.Refusal is { } refusal)
        {
            return new ChannelException(refusal, failure);
        }

        var cause = failure;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        // The alert has a number (RFC 7301, 120) and, depending on the library's age, a name.
        var text = cause.Message.ReplaceLineEndings(" ");
        return text.Contains("no application protocol", StringComparison.OrdinalIgnoreCase) || text.Contains("reason(1120)", StringComparison.Ordinal)
            ? new ChannelException(OtherProtocol, failure)
            : new ChannelException($"no TLS handshake: {text}{(failure is IOException ? " (if it speaks plain text, use --insecure)" : "")}", failure);
    }
}

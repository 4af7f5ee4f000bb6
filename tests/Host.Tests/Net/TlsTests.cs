using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Host.Net;
using Wetware.Rpc;

namespace Wetware.Host.Tests.Net;

public sealed class TlsTests : IDisposable
{
    private readonly PeerKey _server = PeerKey.Create();
    private readonly PeerKey _client = PeerKey.Create();
    private readonly RpcListener _listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _server.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task Both_sides_learn_who_the_other_is_and_share_a_binding_that_no_third_has()
    {
        using var server = new TlsSecurity(_server, "ww", TimeProvider.System);
        using var client = new TlsSecurity(_client, "ww", TimeProvider.System);
        using var stranger = new TlsSecurity(_client, "ww", TimeProvider.System);
        var (accepted, dialled) = await MeetAsync(server, client, _server.Peer);
        Assert.Equal(_client.Peer, accepted.Channel!.Peer);
        Assert.Equal(_server.Peer, dialled.Channel!.Peer);
        Assert.Equal(accepted.Channel.Binding, dialled.Channel.Binding);
        Assert.NotEqual(ChannelBinding.None, dialled.Channel.Binding);

        // The same peer with another certificate, as after a restart, has another binding.
        var (again, _) = await MeetAsync(server, stranger, _server.Peer);
        Assert.NotEqual(accepted.Channel.Binding, again.Channel!.Binding);
    }

    [Fact]
    public async Task A_peer_that_was_not_dialled_is_refused()
    {
        using var server = new TlsSecurity(_server, "ww", TimeProvider.System);
        using var client = new TlsSecurity(_client, "ww", TimeProvider.System);
        var (_, dialled) = await MeetAsync(server, client, _client.Peer);
        Assert.Equal($"it is peer {_server.Peer}, not {_client.Peer}", dialled.Refusal);
    }

    [Fact]
    public async Task Clusters_do_not_mix()
    {
        using var server = new TlsSecurity(_server, "ww", TimeProvider.System);
        using var client = new TlsSecurity(_client, "other", TimeProvider.System);
        var (accepted, dialled) = await MeetAsync(server, client, PeerId.None);
        Assert.Equal("it is of another namespace than 'other', or speaks another major version than 1", dialled.Refusal);
        Assert.NotNull(accepted.Refusal);
    }

    [Theory]
    [InlineData("expired", "its certificate has expired")]
    [InlineData("early", "its certificate is not valid yet; compare the clocks")]
    [InlineData("unnamed", "its certificate names no peer")]
    [InlineData("stolen", "the peer key in its certificate did not sign it")]
    public async Task A_certificate_that_proves_nothing_is_refused_on_either_side_with_the_reason(string flaw, string reason)
    {
        using var bad = new TlsSecurity(Flawed(flaw), "ww", TimeProvider.System);
        using var good = new TlsSecurity(_client, "ww", TimeProvider.System);
        var (_, dialled) = await MeetAsync(bad, good, PeerId.None);
        Assert.Equal(reason, dialled.Refusal);
        var (accepted, _) = await MeetAsync(good, bad, PeerId.None);
        Assert.Equal(reason, accepted.Refusal);
    }

    [Fact]
    public async Task Whoever_shows_no_certificate_no_protocol_or_no_TLS_1_3_is_refused()
    {
        using var server = new TlsSecurity(_server, "ww", TimeProvider.System);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "",
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [new SslApplicationProtocol("ww/1/ww")],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        };
        Assert.Equal("it showed no certificate", (await AcceptAsync(server, options)).Refusal);

        using var certificate = PeerCertificate.Create(_client, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        options.ClientCertificates = [certificate];
        Assert.NotNull((await AcceptAsync(server, options)).Channel);

        options.ApplicationProtocols = null;
        Assert.StartsWith("it is of another namespace", (await AcceptAsync(server, options)).Refusal, StringComparison.Ordinal);

        options.ApplicationProtocols = [new SslApplicationProtocol("ww/1/ww")];
        options.EnabledSslProtocols = SslProtocols.Tls12;
        Assert.StartsWith("no TLS handshake", (await AcceptAsync(server, options)).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public async Task Bytes_that_are_no_handshake_are_refused_in_one_line(string bytes)
    {
        using var server = new TlsSecurity(_server, "ww", TimeProvider.System);
        var accepting = AcceptAsync(server);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_listener.EndPoint, Limit);
        await socket.SendAsync(Encoding.ASCII.GetBytes(bytes), Limit);
        var refusal = (await accepting).Refusal;
        Assert.NotNull(refusal);
        Assert.DoesNotContain('\n', refusal);
    }

    private X509Certificate2 Flawed(string flaw)
    {
        var now = DateTimeOffset.UtcNow;
        if (flaw is "expired" or "early")
        {
            return flaw == "expired" ? PeerCertificate.Create(_server, now.AddDays(-2), now.AddDays(-1)) : PeerCertificate.Create(_server, now.AddDays(1), now.AddDays(2));
        }

        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ww", own, HashAlgorithmName.SHA256);
        if (flaw == "stolen")
        {
            using var victim = PeerCertificate.Create(_server, now.AddDays(-1), now.AddDays(1));
            request.CertificateExtensions.Add(victim.Extensions[0]);
        }

        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private async Task<(Outcome Accepted, Outcome Dialled)> MeetAsync(TlsSecurity server, TlsSecurity client, PeerId expected)
    {
        var accepting = AcceptAsync(server);
        var dialled = await OutcomeAsync(client.ConnectAsync(_listener.EndPoint, expected, Limit));
        return (await accepting, dialled);
    }

    private async Task<Outcome> AcceptAsync(TlsSecurity server) =>
        await OutcomeAsync(server.AcceptAsync(await _listener.AcceptAsync(Limit), Limit));

    private async Task<Outcome> AcceptAsync(TlsSecurity server, SslClientAuthenticationOptions options)
    {
        var accepting = AcceptAsync(server);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_listener.EndPoint, Limit);
        await using var stream = new SslStream(new NetworkStream(socket));
        try
        {
            await stream.AuthenticateAsClientAsync(options, Limit);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            // What the server says of it is what matters.
        }

        return await accepting;
    }

    private static async Task<Outcome> OutcomeAsync(Task<SecuredChannel> channel)
    {
        try
        {
            return new Outcome(await channel, null);
        }
        catch (ChannelException refused)
        {
            return new Outcome(null, refused.Message);
        }
    }

    private sealed record Outcome(SecuredChannel? Channel, string? Refusal);
}

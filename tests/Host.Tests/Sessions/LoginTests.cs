using System.Net;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Core.Multiformats;
using Wetware.Host.Net;
using Wetware.Host.Sessions;
using Wetware.Host.Storage;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Tests.Sessions;

/// <summary>Logins at a real node: who gets in, and what becomes of somebody who stands between.</summary>
public sealed class LoginTests : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;
    private readonly PeerKey _alice = PeerKey.Create();
    private readonly PeerKey _mallory = PeerKey.Create();

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _alice.Dispose();
        _mallory.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_whom_the_policy_names_gets_in(bool isInsecure)
    {
        await using var node = await StartAsync(isInsecure);
        await using (var alice = await DialerOf(_alice, isInsecure).DialAsync(node.Addresses[0], PeerId.None, Limit))
        {
            Assert.Equal(node.Peer, alice.Peer);
        }

        var failure = await Assert.ThrowsAsync<WetwareException>(() => DialerOf(_mallory, isInsecure).DialAsync(node.Addresses[0], PeerId.None, Limit));
        Assert.EndsWith("denied", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_passes_the_question_on_gets_nothing_from_whoever_named_the_node()
    {
        await using var node = await StartAsync(isInsecure: false);
        using var security = Dialer.NewSecurity(_mallory, "ww", isInsecure: false);
        await using var relay = await Relay.StartAsync(security, node);
        var pinned = await Assert.ThrowsAsync<WetwareException>(() => DialerOf(_alice, isInsecure: false).DialAsync(relay.Address, node.Peer, Limit));
        Assert.Contains($"it is peer {_mallory.Peer}, not {node.Peer}", pinned.Message, StringComparison.Ordinal);
        Assert.False(relay.IsIn);
    }

    [Fact]
    public async Task Nor_from_whoever_dialled_it_without_naming_a_peer()
    {
        await using var node = await StartAsync(isInsecure: false);
        using var security = Dialer.NewSecurity(_mallory, "ww", isInsecure: false);
        await using var relay = await Relay.StartAsync(security, node);
        await Assert.ThrowsAsync<WetwareException>(() => DialerOf(_alice, isInsecure: false).DialAsync(relay.Address, PeerId.None, Limit));
        Assert.Contains("the login challenge is another peer's", relay.Refusal, StringComparison.Ordinal);
        Assert.False(relay.IsIn);
    }

    [Fact]
    public void A_challenge_of_the_right_server_is_not_signed_for_another_connection()
    {
        using var server = PeerKey.Create();
        var (mine, other) = (ChannelBinding.Of([1], [2]), ChannelBinding.Of([1], [3]));
        var challenge = AuthEnvelope.NewChallenge(server.Peer, "ww", other);
        var failure = Assert.Throws<InvalidDataException>(() => AuthEnvelope.Answer(_alice, challenge, server.Peer, "ww", mine));
        Assert.Equal("the login challenge is for another connection than this", failure.Message);
        Assert.NotEqual(ChannelBinding.Of([1], [2]), ChannelBinding.Of([2], [1]));

        var answer = AuthEnvelope.Answer(_alice, challenge, server.Peer, "ww", other);
        Assert.True(AuthEnvelope.TryVerify(answer, challenge, out var account, out _));
        Assert.Equal(_alice.Peer, account.Peer);
        Assert.False(AuthEnvelope.TryVerify(answer, AuthEnvelope.NewChallenge(server.Peer, "ww", other), out _, out var fault));
        Assert.Equal("the answer is to another challenge", fault);
        for (var length = 0; length < challenge.Length - "ww".Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => AuthEnvelope.Answer(_alice, challenge.AsSpan(0, length), server.Peer, "ww", other));
        }
    }

    [Fact]
    public async Task An_answer_counts_once()
    {
        await using var node = await StartAsync(isInsecure: false);
        using var security = Dialer.NewSecurity(_alice, "ww", isInsecure: false);
        var channel = await security.ConnectAsync(Endpoints.ToEndPoint(node.Addresses[0])!, node.Peer, Limit);
        await using var connection = RpcConnection.Start(channel.Transport);
        using var terminal = connection.Bootstrap<Terminal.Client>();
        var recorder = new Recorder(_alice, node.Peer, channel.Binding);
        using var signer = Signer.Client.Serve(recorder);
        using (var first = terminal.Login(signer, Limit))
        {
            await first;
        }

        // The same connection, the same account, the very same answer.
        using var second = terminal.Login(signer, Limit);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await second);
        Assert.Contains("the answer is to another challenge", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_text_and_TLS_do_not_meet_and_say_so()
    {
        await using var node = await StartAsync(isInsecure: false);
        var plain = await Assert.ThrowsAsync<WetwareException>(() => DialerOf(_alice, isInsecure: true).DialAsync(node.Addresses[0], PeerId.None, Limit));
        Assert.Contains("--insecure", plain.Message, StringComparison.Ordinal);
        await using var open = await StartAsync(isInsecure: true);
        var tls = await Assert.ThrowsAsync<WetwareException>(() => DialerOf(_alice, isInsecure: false).DialAsync(open.Addresses[0], PeerId.None, Limit));
        Assert.Contains("--insecure", tls.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_another_namespace_is_not_joined()
    {
        await using var node = await StartAsync(isInsecure: false);
        var options = WetwareOptions.Default with { DataFolder = Path.Combine(_folder, "other"), Namespace = "other", Join = [node.Addresses[0].ToString()] };
        var failure = await Assert.ThrowsAsync<WetwareException>(() => WetwareNode.StartAsync(options, cancellation: Limit));
        Assert.Contains("another namespace", failure.Message, StringComparison.Ordinal);
    }

    private Dialer DialerOf(PeerKey key, bool isInsecure) => new(key, "ww", Dialer.NewSecurity(key, "ww", isInsecure), s_timeout);

    private Task<WetwareNode> StartAsync(bool isInsecure) => WetwareNode.StartAsync(
        WetwareOptions.Default with
        {
            DataFolder = Path.Combine(_folder, isInsecure ? "plain" : "tls"),
            Insecure = isInsecure,
            SessionPolicy = SessionPolicies.AllowOnly(_alice.Peer),
        },
        cancellation: Limit);

    /// <summary>A server between a client and a node, which hands the client's signer to the node.</summary>
    private sealed class Relay : IAsyncDisposable
    {
        private readonly RpcListener _listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        private RpcConnection? _upstream;
        private Terminal.Client _target;
        private Task _serving = Task.CompletedTask;

        public Multiaddr Address => Multiaddr.Parse($"/ip4/127.0.0.1/tcp/{((IPEndPoint)_listener.EndPoint).Port}");

        public bool IsIn { get; private set; }

        public string Refusal { get; private set; } = "";

        public static async Task<Relay> StartAsync(IChannelSecurity security, WetwareNode node)
        {
            var relay = new Relay();
            var channel = await security.ConnectAsync(Endpoints.ToEndPoint(node.Addresses[0])!, node.Peer, Limit);
            relay._upstream = RpcConnection.Start(channel.Transport);
            relay._target = relay._upstream.Bootstrap<Terminal.Client>();
            relay._serving = relay.ServeAsync(security);
            return relay;
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving;
            _target.Dispose();
            await _upstream!.DisposeAsync();
        }

        private async Task ServeAsync(IChannelSecurity security)
        {
            try
            {
                var channel = await security.AcceptAsync(await _listener.AcceptAsync(), Limit);
                using var terminal = Terminal.Client.Serve(new Counter(this));
                var connection = RpcConnection.Start(channel.Transport, RpcOptions.Default with { Bootstrap = terminal.Capability });
                await connection.Closed;
            }
            catch (Exception failure) when (failure is ChannelException or OperationCanceledException)
            {
                // The client would not have it.
            }
        }

        private sealed class Counter(Relay relay) : Terminal.IServer
        {
            public async ValueTask LoginAsync(CallContext<Terminal.LoginParams.Reader, Terminal.LoginResults.Builder> call)
            {
                try
                {
                    using var answer = relay._target.Login(call.Params.Account, call.Cancellation);
                    await answer;
                    relay.IsIn = true;
                }
                catch (RpcException refused)
                {
                    relay.Refusal = refused.Message;
                    throw;
                }
            }
        }
    }

    /// <summary>Signs the first challenge, and answers every later one with that answer.</summary>
    private sealed class Recorder(PeerKey key, PeerId server, ChannelBinding binding) : Signer.IServer
    {
        private byte[]? _answer;

        public ValueTask SignAsync(CallContext<Signer.SignParams.Reader, Signer.SignResults.Builder> call)
        {
            call.Results.SetEnvelope(_answer ??= AuthEnvelope.Answer(key, call.Params.Challenge.Span, server, "ww", binding));
            return ValueTask.CompletedTask;
        }
    }
}

using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Host.Net;
using Wetware.Host.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Sessions;

/// <summary>The way into a node over one connection: asks for a proof of identity, and hands out what the policy grants.</summary>
internal sealed class TerminalServer(NodeServices node, ISessionPolicy policy, ChannelBinding binding, ILogger logger) : Terminal.IServer
{
    /// <summary>How long an account may take to sign: it does so from memory, or by asking a person's agent at most.</summary>
    private static readonly TimeSpan s_signTimeout = TimeSpan.FromSeconds(5);

    public async ValueTask LoginAsync(CallContext<Terminal.LoginParams.Reader, Terminal.LoginResults.Builder> call)
    {
        var challenge = AuthEnvelope.NewChallenge(node.Peer, node.Namespace, binding);
        var account = await AskAsync(call.Params.Account, challenge, call.Cancellation).ConfigureAwait(false);
        var grant = policy.Decide(account);
        if (grant == SessionGrant.None)
        {
            Telemetry.ConnectionsRefused.Add(1);
            HostLog.LoginRefused(logger, account.ToString());
            throw new RpcException("denied");
        }

        Fill(call.Results.InitSession(), grant);
    }

    private static async Task<PeerId> AskAsync(Signer.Client signer, byte[] challenge, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_signTimeout);
        using var answer = signer.Sign(challenge, limit.Token);
        var results = await answer;
        return AuthEnvelope.TryVerify(results.Envelope.Span, challenge, out var account, out var fault)
            ? account.Peer
            : throw new RpcException("login refused: " + fault);
    }

    private void Fill(Session.Builder session, SessionGrant grant)
    {
        var local = session.InitLocal();
        local.SetPeer(node.Peer.Bytes);
        local.Server = node.Server.Value;
        local.SetHost(node.HostName);
        local.SetVersion(WetwareOptions.Version);
        if (grant.HasFlag(SessionGrant.View))
        {
            session.SetView(node.View);
        }

        if (grant.HasFlag(SessionGrant.Queue))
        {
            session.SetQueue(node.Queue);
        }

        if (grant.HasFlag(SessionGrant.Crawler))
        {
            session.SetCrawler(node.Crawler);
        }

        if (grant.HasFlag(SessionGrant.Executor))
        {
            using var executor = node.NewExecutor();
            session.SetExecutor(executor);
        }

        if (grant.HasFlag(SessionGrant.Peer))
        {
            session.SetConsensus(node.Consensus);
            session.SetGossip(node.Gossip);
        }
    }
}

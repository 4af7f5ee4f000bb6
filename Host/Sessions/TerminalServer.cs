using Microsoft.Extensions.Logging;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Host.Net;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Sessions;

/// <summary>The way into a node over one connection: asks for a proof of identity, and hands out what the policy grants.</summary>
internal sealed class TerminalServer(NodeServices services, ISessionPolicy policy, ChannelBinding binding, ILogger logger) : Terminal.IServer
{
    /// <summary>How long an account may take to sign: it does so from memory, or by asking a person's agent at most.</summary>
    private static readonly TimeSpan s_signTimeout = TimeSpan.FromSeconds(5);

    public async ValueTask LoginAsync(CallContext<Terminal.LoginParams.Reader, Terminal.LoginResults.Builder> call)
    {
        var challenge = AuthEnvelope.NewChallenge(services.Node.Peer, services.Node.Namespace, binding);
        var account = await AskAsync(call.Params.Account, challenge, call.Cancellation).ConfigureAwait(false);
        var grant = policy.Decide(account);
        if (grant.IsNone)
        {
            Net.Metrics.ConnectionsRefused.Add(1);
            Log.LoginRefused(logger, account.ToString());
            throw new RpcException("denied");
        }

        using var session = services.Open(account, grant);
        session.Write(call.Results.InitSession());
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
}

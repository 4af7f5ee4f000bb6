using Wetware.Core;
using Wetware.Protocol.Wire;
using Wetware.Core.Identity;
using Wetware.Rpc;

namespace Wetware.Client.Net;

/// <summary>Signs one login challenge for a key, and no second one.</summary>
/// <param name="key">Whose login it is.</param>
/// <param name="expected">The server that was dialled; <see cref="PeerId.None"/> if its id is not known.</param>
/// <param name="ns">The namespace that it must be of.</param>
/// <param name="binding">The connection that the login goes over.</param>
internal sealed class SignerServer(PeerKey key, PeerId expected, string ns, ChannelBinding binding) : Signer.IServer
{
    private int _isUsed;

    public ValueTask SignAsync(CallContext<Signer.SignParams.Reader, Signer.SignResults.Builder> call)
    {
        if (Interlocked.Exchange(ref _isUsed, 1) != 0)
        {
            throw new RpcException("the signer has been used already");
        }

        try
        {
            call.Results.SetEnvelope(AuthEnvelope.Answer(key, call.Params.Challenge.Span, expected, ns, binding));
            return ValueTask.CompletedTask;
        }
        catch (InvalidDataException failure)
        {
            throw new RpcException(failure.Message);
        }
    }
}

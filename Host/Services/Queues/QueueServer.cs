using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Queues;

/// <summary>The replicated queues as clients see them.</summary>
internal sealed class QueueServer(Proposer proposer, IStateMachine machine) : QueueService.IServer
{
    public async ValueTask ProposeAsync(CallContext<QueueService.ProposeParams.Reader, QueueService.ProposeResults.Builder> call)
    {
        var outcome = await proposer.ProposeAsync(call.Params.Command.Memory, call.Cancellation).ConfigureAwait(false);
        OutcomeCodec.Write(call.Results.InitOutcome(), outcome);
    }

    public async ValueTask QueryAsync(CallContext<QueueService.QueryParams.Reader, QueueService.QueryResults.Builder> call)
    {
        try
        {
            var answer = await proposer.QueryAsync(call.Params.Query.ToArray(), machine).ConfigureAwait(false);
            call.Results.SetReply(answer);
        }
        catch (WetwareException failure)
        {
            throw new RpcException(RpcErrorType.Overloaded, failure.Message);
        }
    }
}

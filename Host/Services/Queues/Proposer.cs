using System.Buffers;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Consensus;
using Wetware.Host.Net;
using Wetware.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Services.Queues;

/// <summary>
/// Brings commands to whichever node leads the group, and queries to this replica. What was certainly not applied is
/// tried again until the time is over; what may have been applied is reported as unknown, never tried again.
/// Safe for concurrent use.
/// </summary>
internal sealed class Proposer(
    RaftLoop loop, RaftGroup group, PeerPool pool, Func<NodeId, (PeerId Peer, IReadOnlyList<Multiaddr> Addresses)?> find, TimeSpan timeout)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    public async Task<Outcome> ProposeAsync(ReadOnlyMemory<byte> command, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var outcome = await TryAsync(command, cancellation).ConfigureAwait(false);
            if (outcome.Kind != OutcomeKind.Dropped
                || command.Length > Consensus.Limits.CommandBytesMax
                || TimeProvider.System.GetElapsedTime(started) > timeout)
            {
                Metrics.Proposals.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Kind.ToString()));
                Metrics.ProposalDuration.Record(TimeProvider.System.GetElapsedTime(started).TotalSeconds);
                return outcome;
            }

            await Task.Delay(s_pause, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Answers a query from this replica's state, after a linearizable read.</summary>
    /// <exception cref="WetwareException">No leader confirmed the read in time.</exception>
    public async Task<byte[]> QueryAsync(ReadOnlyMemory<byte> query, IStateMachine machine)
    {
        var answer = new ArrayBufferWriter<byte>();
        await loop.ReadAsync(group.Id, timeout, () => machine.Query(query.Span, answer)).ConfigureAwait(false);
        return answer.WrittenSpan.ToArray();
    }

    /// <summary>Answers a query from this replica's state as it is, which may be behind.</summary>
    public async Task<byte[]> QueryLocalAsync(ReadOnlyMemory<byte> query, IStateMachine machine)
    {
        var done = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        Action action = () =>
        {
            var answer = new ArrayBufferWriter<byte>();
            machine.Query(query.Span, answer);
            done.TrySetResult(answer.WrittenSpan.ToArray());
        };
        if (!loop.Post(new RaftEvent(RaftEventKind.Call, group.Id) { Subject = action }))
        {
            throw new WetwareException(FailureReason.Unavailable, "the node is stopping");
        }

        return await done.Task.ConfigureAwait(false);
    }

    private async Task<Outcome> TryAsync(ReadOnlyMemory<byte> command, CancellationToken cancellation)
    {
        var leader = group.Status.Leader;
        if (leader == group.Status.Node)
        {
            return await loop.ProposeAsync(group.Id, command, timeout).ConfigureAwait(false);
        }

        if (leader == NodeId.None || find(leader) is not { } target)
        {
            return Outcome.Dropped("no leader is known");
        }

        RemoteNode remote;
        try
        {
            remote = await pool.GetAsync(target.Peer, target.Addresses).WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (WetwareException failure)
        {
            return Outcome.Dropped(failure.Message);
        }

        try
        {
            using var answer = remote.Consensus.Propose(group.Id.Value, command.Span, cancellation);
            return OutcomeCodec.Read((await answer).Outcome);
        }
        catch (RpcException failure)
        {
            // The call may have arrived before the connection broke.
            return failure.Type == RpcErrorType.Disconnected ? Outcome.Unknown(failure.Message) : Outcome.Dropped(failure.Message);
        }
    }
}

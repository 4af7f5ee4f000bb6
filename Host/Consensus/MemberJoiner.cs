using Microsoft.Extensions.Logging;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Net;
using Wetware.Rpc;

namespace Wetware.Host.Consensus;

/// <summary>Asks the cluster to make this node a member, until it is one.</summary>
internal sealed class MemberJoiner(RaftGroup group, MemberInfo self, Dialer dialer, ILogger logger)
{
    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(3);

    /// <summary>What an attempt has at least: the pause before it may have ended late, when all the time is over.</summary>
    private static readonly TimeSpan s_patienceMin = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks until somebody answers: again and again where there is silence, each time with more patience, but not where connections are refused.</summary>
    /// <param name="addresses">Whom.</param>
    /// <param name="find">Where a member is.</param>
    /// <param name="timeout">When to give up.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="WetwareException">Nobody answered; the message says why of the last one.</exception>
    public async Task MeetAsync(IReadOnlyList<Multiaddr> addresses, Func<NodeId, IReadOnlyList<Multiaddr>> find, TimeSpan timeout, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (patience, pause) = (dialer.Timeout, s_pauseMin);
        for (var rounds = 1; ; rounds++)
        {
            var left = timeout - TimeProvider.System.GetElapsedTime(started);
            left = left > s_patienceMin ? left : s_patienceMin;
            var round = await AskAsync(addresses, find, patience < left ? patience : left, cancellation).ConfigureAwait(false);
            if (round.IsHeard)
            {
                return;
            }

            left = timeout - TimeProvider.System.GetElapsedTime(started);
            var wait = Jittered(pause);
            if (!round.IsWorthWaiting || left <= wait)
            {
                throw new WetwareException($"cannot join: {round.Why}{(rounds > 1 ? $" (round {rounds} of asking, {timeout.TotalSeconds:0.#} s in all)" : "")}");
            }

            Log.JoinUnanswered(logger, round.Why, (int)left.TotalSeconds);
            await Task.Delay(wait, cancellation).ConfigureAwait(false);
            // An answer that takes ten seconds never comes to those who hang up after five.
            (patience, pause) = (patience * 2, Longer(pause));
        }
    }

    /// <summary>Asks until the configuration names this node.</summary>
    public async Task RunAsync(Func<IEnumerable<Multiaddr>> addresses, Func<NodeId, IReadOnlyList<Multiaddr>> find, CancellationToken cancellation)
    {
        for (var pause = s_pauseMin; !IsMember; pause = Longer(pause))
        {
            var round = await AskAsync(addresses(), find, dialer.Timeout, cancellation).ConfigureAwait(false);
            if (!round.IsHeard)
            {
                Log.JoinFailed(logger, round.Why);
            }

            await WaitAsync(Task.Delay(Jittered(pause), cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Asks once; whoever is asked passes on who leads, and that one is asked too.</summary>
    private async Task<JoinRound> AskAsync(IEnumerable<Multiaddr> addresses, Func<NodeId, IReadOnlyList<Multiaddr>> find, TimeSpan patience, CancellationToken cancellation)
    {
        var patient = dialer with { Timeout = patience };
        var round = JoinRound.Empty;
        foreach (var address in addresses)
        {
            try
            {
                var leader = await AskAtAsync(patient, address, cancellation).ConfigureAwait(false);
                round = round.Heard();
                if (leader == NodeId.None)
                {
                    // It is reachable, and may know more when it is asked again.
                    continue;
                }

                foreach (var other in find(leader))
                {
                    await AskAtAsync(patient, other, cancellation).ConfigureAwait(false);
                }

                return round;
            }
            catch (WetwareException failure)
            {
                round = round.Failed(failure);
            }
        }

        return round;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < s_pauseMax ? pause * 2 : s_pauseMax;

    /// <summary>Nodes that were started together need not ask together.</summary>
    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.5 + Random.Shared.NextDouble());

    /// <summary>Waits for a pause to be over, or for this node to be a member, which it may learn at any change.</summary>
    private async Task WaitAsync(Task pause)
    {
        var changed = group.Changed;
        while (!IsMember && await Task.WhenAny(changed, pause).ConfigureAwait(false) == changed && !pause.IsCompleted)
        {
            changed = group.Changed;
        }
    }

    private bool IsMember => group.Status is var status && (status.Voters.Contains(self.Node) || status.Learners.Contains(self.Node));

    private async Task<NodeId> AskAtAsync(Dialer dialer, Multiaddr address, CancellationToken cancellation)
    {
        var remote = await dialer.DialAsync(address, PeerId.None, cancellation).ConfigureAwait(false);
        await using (remote.ConfigureAwait(false))
        {
            if (remote.Peer == self.Peer)
            {
                return NodeId.None;
            }

            if (address.Peer.IsNone)
            {
                Log.Unpinned(logger, address.ToString(), remote.Peer.ToString());
            }

            var request = remote.Consensus.JoinRequest();
            request.Params.SetPeer(self.Peer.Bytes);
            request.Params.Votes = self.Votes;
            request.Params.Node = self.Node.Value;
            var wire = request.Params.InitAddrs(self.Addresses.Length);
            for (var i = 0; i < self.Addresses.Length; i++)
            {
                wire.SetData(i, self.Addresses[i].Bytes);
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(dialer.Timeout);
            try
            {
                using var answer = request.Send(limit.Token);
                return new NodeId((await answer).Leader);
            }
            catch (RpcException failure) when (limit.IsCancellationRequested)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new UnansweredException($"{address} did not answer within {dialer.Timeout.TotalSeconds:0.#} s", failure);
            }
            catch (RpcException failure)
            {
                throw new WetwareException($"{address}: {failure.Message}", failure);
            }
        }
    }
}

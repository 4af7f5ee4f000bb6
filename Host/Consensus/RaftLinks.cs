using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Net;
using Wetware.Raft;
using Wetware.Raft.Log;
using Wetware.Rpc;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Host.Consensus;

/// <summary>Carries the loop's messages over the pool's connections. Those to a member that is not connected are lost while it is dialled.</summary>
/// <param name="loop">Whom to report to.</param>
/// <param name="pool">Connections.</param>
/// <param name="snapshots">Where the data of snapshots are.</param>
/// <param name="snapshotBytesPerSecond">What all transfers of snapshots together may take.</param>
/// <param name="find">Who a member is and where it may be dialled; null if it is not known.</param>
/// <param name="logger">For trouble.</param>
internal sealed class RaftLinks(
    RaftLoop loop, PeerPool pool, SnapshotStore snapshots, long snapshotBytesPerSecond, Func<NodeId, (PeerId Peer, IReadOnlyList<Multiaddr> Addresses)?> find, ILogger logger) : IMessageCarrier
{
    private readonly ConcurrentDictionary<NodeId, Link> _links = new();
    private readonly RaftLoop _loop = loop;
    private readonly PeerPool _pool = pool;
    private readonly SnapshotStore _snapshots = snapshots;
    private readonly SnapshotRate _rate = new(snapshotBytesPerSecond);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Func<NodeId, (PeerId Peer, IReadOnlyList<Multiaddr> Addresses)?> _find = find;
    private readonly ILogger _logger = logger;

    public Carriage Carry(MessageBatch batch) => Find(batch.To).Carry(batch);

    public void CarrySnapshot(GroupId group, in Message message) => _ = Find(message.To).SendSnapshotAsync(group, message);

    private Link Find(NodeId node) => _links.GetOrAdd(node, static (node, links) => new Link(links, node), this);

    private void Report(RaftEventKind kind, GroupId group, NodeId node, bool hasFailed) =>
        _ = _loop.Post(new RaftEvent(kind, group) { Node = node, HasFailed = hasFailed });

    private TimeSpan Take(SnapshotSource source)
    {
        lock (_rate)
        {
            return source.Take(_clock.Elapsed);
        }
    }

    /// <summary>The way to one member.</summary>
    private sealed class Link(RaftLinks links, NodeId node)
    {
        private RemoteNode? _remote;
        private int _isDialling;

        public Carriage Carry(MessageBatch batch)
        {
            var remote = _remote;
            if (remote is null || remote.Closed.IsCompleted)
            {
                _ = DialAsync();
                return Carriage.Lost;
            }

            var request = remote.Consensus.StepRequest();
            MessageCodec.Write(request.Params.InitMessages(batch.Count), batch);
            Metrics.RaftRequests.Add(1);
            Metrics.RaftMessages.Add(batch.Count);
            batch.ReturnEnvelopes();
            var sent = request.SendAsync();
            if (sent.IsCompletedSuccessfully)
            {
                return Carriage.Gone;
            }

            _ = ObserveAsync(sent);
            return Carriage.UnderWay;
        }

        public async Task SendSnapshotAsync(GroupId group, Message message)
        {
            var hasFailed = true;
            try
            {
                var remote = links._find(node) is { } target ? await links._pool.GetAsync(target.Peer, target.Addresses).ConfigureAwait(false) : null;
                if (remote is not null)
                {
                    await TransferAsync(remote, group, message).ConfigureAwait(false);
                    hasFailed = false;
                }
            }
            catch (Exception failure) when (failure is RpcException or WetwareException or LogException or IOException)
            {
                Log.SnapshotNotSent(links._logger, node.ToString(), failure.Message);
            }

            links.Report(RaftEventKind.SnapshotSent, group, node, hasFailed);
        }

        private async Task TransferAsync(RemoteNode remote, GroupId group, Message message)
        {
            using var source = new SnapshotSource(links._snapshots.Open(group, message.Snapshot!), links._rate);
            var (bytes, index) = (source.Bytes, message.Snapshot!.Metadata.Index.Value);
            Log.SnapshotSending(links._logger, bytes, index, node.ToString());
            var request = remote.Consensus.SnapshotRequest();
            MessageCodec.Write(request.Params.InitMessage(), group, message);
            request.Params.Size = (ulong)bytes;
            using var answer = request.Send();
            var results = await answer;
            var sink = results.Sink;
            source.GoOnFrom((long)results.From);
            while (!source.IsDone)
            {
                await Task.Delay(links.Take(source)).ConfigureAwait(false);
                var write = sink.WriteRequest();
                write.Params.SetChunk(source.Read());
                await write.SendAsync().ConfigureAwait(false);
            }

            await sink.Done(source.Checksum).WhenDoneAsync().ConfigureAwait(false);
            Log.SnapshotSent(links._logger, bytes, index, node.ToString());
        }

        private async Task<RemoteNode?> DialAsync()
        {
            if (_remote is { } living && !living.Closed.IsCompleted)
            {
                return living;
            }

            if (links._find(node) is not { } target || Interlocked.Exchange(ref _isDialling, 1) != 0)
            {
                return null;
            }

            try
            {
                return _remote = await links._pool.GetAsync(target.Peer, target.Addresses).ConfigureAwait(false);
            }
            catch (WetwareException)
            {
                // The pool has logged it; the next message tries again.
                return null;
            }
            finally
            {
                Volatile.Write(ref _isDialling, 0);
            }
        }

        private async Task ObserveAsync(ValueTask sent)
        {
            var hasFailed = false;
            try
            {
                await sent.ConfigureAwait(false);
            }
            catch (RpcException)
            {
                hasFailed = true;
            }

            links.Report(RaftEventKind.Carried, default, node, hasFailed);
        }
    }
}

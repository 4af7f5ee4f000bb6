using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Protocol;
using Wetware.Protocol.Routing;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

using GroupStatus = Wetware.Protocol.GroupStatus;

namespace Wetware.Client;

/// <summary>
/// What its holder may do with a node and its cluster. A client gets one by logging in, an embedding program from its own node.
/// Safe for concurrent use; lives as long as whoever handed it out.
/// </summary>
public sealed class WetwareSession
{
    /// <summary>Batches of records that wait for a slow reader: some thousand records.</summary>
    private const int BatchesWaitingMax = 16;

    private readonly HeldSession _held;
    private readonly View.Client _view;
    private readonly Consensus.Client _consensus;

    /// <param name="held">Borrowed for as long as the session is used.</param>
    internal WetwareSession(HeldSession held)
    {
        _held = held;
        var wire = held.Wire;
        Peer = PeerId.TryFromBytes(wire.Local.Peer.Utf8, out var peer) ? peer : PeerId.None;
        Server = new ServerId(wire.Local.Server);
        _view = wire.View;
        _consensus = wire.Consensus;
        Queues = new QueueClient(wire.Queue);
        Crawls = new CrawlClient(wire.Crawler);
        Processes = new ProcessClient(wire.Executor);
        Topics = new TopicClient(wire.PubSub);
        Anchors = new AnchorClient(wire.Anchor);
        Channels = new ChannelClient(wire.Channels, Anchors);
        Services = new RegistryClient(wire.Registry);
    }

    /// <summary>The node that answers.</summary>
    public PeerId Peer { get; }

    /// <summary>Which start of its process.</summary>
    public ServerId Server { get; }

    /// <summary>The replicated queues.</summary>
    public QueueClient Queues { get; }

    /// <summary>The distributed crawler.</summary>
    public CrawlClient Crawls { get; }

    /// <summary>The programs that the node runs.</summary>
    public ProcessClient Processes { get; }

    /// <summary>The topics of the cluster.</summary>
    public TopicClient Topics { get; }

    /// <summary>The registers of all nodes.</summary>
    public AnchorClient Anchors { get; }

    /// <summary>Channels between whoever is in the cluster.</summary>
    public ChannelClient Channels { get; }

    /// <summary>Who in the cluster provides what.</summary>
    public RegistryClient Services { get; }

    /// <summary>
    /// Runs a query on the node and yields its records as they arrive. Reading slowly slows the node down rather than
    /// filling memory; breaking off ends the walk there. Without permission nothing is yielded. Records that have arrived
    /// are yielded before a failure is thrown.
    /// </summary>
    /// <exception cref="WetwareException">The node refused or was lost.</exception>
    public async IAsyncEnumerable<ClusterRecord> QueryAsync(Query query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (_view.Capability.IsNull)
        {
            yield break;
        }

        using var reversed = Reversed(query, cancellation);
        var records = new Inflow<ClusterRecord[]>(BatchesWaitingMax);
        using var handler = View.Handler.Client.Serve(new RecordHandler(records));
        var request = Directed(reversed, query).IterRequest();
        request.Params.SetHandler(handler);
        QueryCodec.Write(request.Params.InitSelector(), query);
        QueryCodec.Write(request.Params.InitConstraints(QueryCodec.ConstraintCount(query)), query);
        using var answer = request.Send(cancellation);
        _ = records.CompleteAsync(answer.Untyped);
        await foreach (var batch in records.ReadAsync(cancellation).ConfigureAwait(false))
        {
            foreach (var record in batch)
            {
                yield return record;
            }
        }
    }

    /// <summary>The first record that a query yields; null if it yields none, or without permission.</summary>
    /// <exception cref="WetwareException">The node refused or was lost.</exception>
    public Task<ClusterRecord?> FirstAsync(Query query, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(query);
        if (_view.Capability.IsNull)
        {
            return null;
        }

        using var reversed = Reversed(query, cancellation);
        var request = Directed(reversed, query).LookupRequest();
        QueryCodec.Write(request.Params.InitSelector(), query);
        QueryCodec.Write(request.Params.InitConstraints(QueryCodec.ConstraintCount(query)), query);
        using var answer = request.Send(cancellation);
        var results = await answer;
        return results.Found ? RecordCodec.Read(results.Record) : null;
    });

    /// <summary>
    /// Yields what a query yields now, and from then on what changes in it, until it is broken off. A slow reader misses nothing but what came
    /// and went meanwhile: it is told of the difference to what it was told last, and the node keeps one snapshot for it, however slow it is.
    /// With a limit, the answer is the first so many records of each moment. Without permission nothing is yielded.
    /// </summary>
    /// <exception cref="WetwareException">The node refused or was lost; thrown after what arrived before.</exception>
    public async IAsyncEnumerable<ClusterChanges> FollowAsync(Query query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (_view.Capability.IsNull)
        {
            yield break;
        }

        using var reversed = Reversed(query, cancellation);
        var changes = new Inflow<ClusterChanges>(BatchesWaitingMax);
        using var follower = View.Follower.Client.Serve(new ChangeFollower(changes));
        var request = Directed(reversed, query).FollowRequest();
        request.Params.SetFollower(follower);
        QueryCodec.Write(request.Params.InitSelector(), query);
        QueryCodec.Write(request.Params.InitConstraints(QueryCodec.ConstraintCount(query)), query);
        using var answer = request.Send(cancellation);
        _ = changes.CompleteAsync(answer.Untyped);
        await foreach (var batch in changes.ReadAsync(cancellation).ConfigureAwait(false))
        {
            yield return batch;
        }
    }

    /// <summary>A service that the program around the node serves beside what every node does.</summary>
    /// <typeparam name="TClient">The generated client of its interface.</typeparam>
    /// <param name="name">Its name.</param>
    /// <returns>Borrowed from the session.</returns>
    /// <exception cref="WetwareException">The node has no such service, or does not grant it.</exception>
    public TClient GetService<TClient>(string name)
        where TClient : struct, ICapabilityClient<TClient>
    {
        foreach (var extra in _held.Wire.Extra)
        {
            if (extra.Name.ToString() == name && !extra.Capability.IsNull)
            {
                return TClient.From(extra.Capability);
            }
        }

        throw new WetwareException(FailureReason.NotFound, $"the node has no service '{name}', or does not grant it");
    }

    /// <summary>What the node knows of its Raft groups.</summary>
    /// <exception cref="WetwareException">The node refused or was lost.</exception>
    public Task<IReadOnlyList<GroupStatus>> StatusAsync(CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _consensus.Status(cancellation);
        var groups = new List<GroupStatus>();
        foreach (var wire in (await answer).Groups)
        {
            groups.Add(new GroupStatus
            {
                Group = new GroupId(wire.Group),
                Node = new NodeId(wire.Node),
                Leader = new NodeId(wire.Leader),
                IsLeader = wire.Leader == wire.Node,
                Term = new Term(wire.Term),
                Commit = new LogIndex(wire.Commit),
                Applied = new LogIndex(wire.Applied),
                Digest = wire.Digest,
                Voters = NodeList.Read(wire.Voters),
                Learners = NodeList.Read(wire.Learners),
            });
        }

        return (IReadOnlyList<GroupStatus>)groups;
    });

    /// <summary>Lends the capabilities to a message, without what only members tell one another.</summary>
    internal void Write(Session.Builder wire)
    {
        _held.WriteTo(wire);
        wire.SetGossip(default);
    }

    /// <summary>Forward keys, walked backward, are those of the reversed view.</summary>
    private Answer<View.ReverseResults.Reader, View.ReverseResults.Pipeline> Reversed(Query query, CancellationToken cancellation) => query.IsReverse ? _view.Reverse(cancellation) : default;

    private View.Client Directed(in Answer<View.ReverseResults.Reader, View.ReverseResults.Pipeline> reversed, Query query) => query.IsReverse ? reversed.Pipeline.View : _view;

    /// <summary>Takes what the node streams.</summary>
    private sealed class RecordHandler(Inflow<ClusterRecord[]> records) : View.Handler.IServer
    {
        public ValueTask RecvAsync(CallContext<View.Handler.RecvParams.Reader, StreamResult.Builder> call)
        {
            var wire = call.Params.Records;
            var batch = new ClusterRecord[wire.Count];
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = RecordCodec.Read(wire[i]);
            }

            return records.TakeAsync(call.Untyped, batch);
        }
    }

    /// <summary>Takes the changes that the node streams.</summary>
    private sealed class ChangeFollower(Inflow<ClusterChanges> changes) : View.Follower.IServer
    {
        public ValueTask RecvAsync(CallContext<View.Follower.RecvParams.Reader, StreamResult.Builder> call)
        {
            var items = new List<ClusterChange>(call.Params.Changes.Count);
            foreach (var wire in call.Params.Changes)
            {
                if (RecordCodec.Read(wire) is { } change)
                {
                    items.Add(change);
                }
            }

            return items.Count == 0 && !call.Params.IsCurrent ? ValueTask.CompletedTask : changes.TakeAsync(call.Untyped, new ClusterChanges(items, call.Params.IsCurrent));
        }
    }
}

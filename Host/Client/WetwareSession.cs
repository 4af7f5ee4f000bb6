using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Host.Membership;
using Wetware.Host.Protocol;
using Wetware.Membership.Routing;
using Wetware.Rpc;
using GroupStatus = Wetware.Host.Consensus.GroupStatus;

namespace Wetware.Host.Client;

/// <summary>
/// What its holder may do with a node and its cluster. A client gets one by logging in, an embedding program from its own node.
/// Safe for concurrent use; lives as long as whoever handed it out.
/// </summary>
public sealed class WetwareSession
{
    private readonly View.Client _view;
    private readonly QueueService.Client _queue;
    private readonly CrawlService.Client _crawler;
    private readonly Protocol.Consensus.Client _consensus;
    private readonly Executor.Client _executor;

    internal WetwareSession(PeerId peer, ServerId server, View.Client view, QueueService.Client queue, CrawlService.Client crawler, Protocol.Consensus.Client consensus, Executor.Client executor = default)
    {
        Peer = peer;
        Server = server;
        _view = view;
        _queue = queue;
        _crawler = crawler;
        _consensus = consensus;
        _executor = executor;
        Queues = new QueueClient(queue);
        Crawls = new CrawlClient(crawler);
        Processes = new ProcessClient(executor);
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

        // Forward keys, walked backward, are those of the reversed view.
        using var reversed = query.IsReverse ? _view.Reverse(cancellation) : default;
        var view = query.IsReverse ? reversed.Pipeline.View : _view;
        var records = new Inflow<ClusterRecord>();
        using var handler = View.Handler.Client.Serve(new RecordHandler(records));
        var request = view.IterRequest();
        request.Params.SetHandler(handler);
        QueryCodec.Write(request.Params.InitSelector(), query);
        QueryCodec.Write(request.Params.InitConstraints(QueryCodec.ConstraintCount(query)), query);
        using var answer = request.Send(cancellation);
        _ = records.CompleteAsync(answer.Untyped);
        await foreach (var record in records.ReadAsync(cancellation).ConfigureAwait(false))
        {
            yield return record;
        }
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
                Role = wire.Leader == wire.Node ? Wetware.Raft.Role.Leader : Wetware.Raft.Role.Follower,
                Term = new Term(wire.Term),
                Commit = new LogIndex(wire.Commit),
                Applied = new LogIndex(wire.Applied),
                Digest = wire.Digest,
                Voters = MessageCodec.Nodes(wire.Voters),
                Learners = MessageCodec.Nodes(wire.Learners),
            });
        }

        return (IReadOnlyList<GroupStatus>)groups;
    });

    /// <summary>Lends the capabilities to a message, without those that only peers hold.</summary>
    internal void Write(Session.Builder wire)
    {
        var local = wire.InitLocal();
        local.SetPeer(Peer.Bytes);
        local.Server = Server.Value;
        wire.SetView(_view);
        wire.SetQueue(_queue);
        wire.SetCrawler(_crawler);
        wire.SetConsensus(_consensus);
        wire.SetExecutor(_executor);
    }

    /// <summary>Takes what the node streams.</summary>
    private sealed class RecordHandler(Inflow<ClusterRecord> records) : View.Handler.IServer
    {
        public ValueTask RecvAsync(CallContext<View.Handler.RecvParams.Reader, StreamResult.Builder> call) =>
            records.WriteAsync(RecordCodec.Read(call.Params.Record));
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Wetware.Host;

/// <summary>The one source of traces and the one meter, both named "Wetware"; no exporter is assumed.</summary>
internal static class Telemetry
{
    public const string Name = "Wetware";

    public static ActivitySource Activities { get; } = new(Name, WetwareOptions.Version);

    public static Meter Meter { get; } = new(Name, WetwareOptions.Version);

    public static Counter<long> ConnectionsAccepted { get; } =
        Meter.CreateCounter<long>("wetware.connections.accepted", "{connection}", "Connections accepted.");

    public static Counter<long> ConnectionsRefused { get; } =
        Meter.CreateCounter<long>("wetware.connections.refused", "{connection}", "Connections closed for a protocol error or a refused login.");

    public static Counter<long> Proposals { get; } =
        Meter.CreateCounter<long>("wetware.raft.proposals", "{proposal}", "Proposals made on this node, by outcome.");

    public static Histogram<double> ProposalDuration { get; } =
        Meter.CreateHistogram<double>("wetware.raft.proposal.duration", "s", "From proposal to applied reply.");

    public static Counter<long> LeaderChanges { get; } =
        Meter.CreateCounter<long>("wetware.raft.leader_changes", "{change}", "Leaders seen, one after the other.");

    public static Counter<long> RaftRequests { get; } =
        Meter.CreateCounter<long>("wetware.raft.requests", "{request}", "Requests sent to other members; each carries messages of any groups.");

    public static Counter<long> RaftMessages { get; } =
        Meter.CreateCounter<long>("wetware.raft.messages", "{message}", "Raft messages sent to other members.");

    public static Counter<long> PagesRetried { get; } =
        Meter.CreateCounter<long>("wetware.crawler.retries", "{page}", "Visits of this node that did not count and come again.");

    public static Counter<long> PagesFetched { get; } =
        Meter.CreateCounter<long>("wetware.crawler.pages", "{page}", "Pages fetched by this node, by result.");

    public static Counter<long> MessagesLost { get; } =
        Meter.CreateCounter<long>("wetware.pubsub.lost", "{message}", "Messages of topics that were dropped because a subscriber was slow.");

    public static Counter<long> OutputsLost { get; } =
        Meter.CreateCounter<long>("wetware.processes.outputs_lost", "{stream}", "Output streams of programs whose reader went away.");
}

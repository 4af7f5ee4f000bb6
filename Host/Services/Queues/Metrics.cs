using System.Diagnostics.Metrics;
using Wetware.Protocol;

namespace Wetware.Host.Services.Queues;

/// <summary>The metrics of the queues.</summary>
internal static class Metrics
{
    public static Counter<long> Proposals { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.raft.proposals", "{proposal}", "Proposals made on this node, by outcome.");

    public static Histogram<double> ProposalDuration { get; } =
        Telemetry.Meter.CreateHistogram<double>("wetware.raft.proposal.duration", "s", "From proposal to applied reply.");
}

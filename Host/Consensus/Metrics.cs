using System.Diagnostics.Metrics;
using Wetware.Protocol;

namespace Wetware.Host.Consensus;

/// <summary>The metrics of the consensus.</summary>
internal static class Metrics
{
    public static Counter<long> LeaderChanges { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.raft.leader_changes", "{change}", "Leaders seen, one after the other.");

    public static Counter<long> RaftRequests { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.raft.requests", "{request}", "Requests sent to other members; each carries messages of any groups.");

    public static Counter<long> RaftMessages { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.raft.messages", "{message}", "Raft messages sent to other members.");
}

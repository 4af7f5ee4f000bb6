using System.Diagnostics.Metrics;
using Wetware.Protocol;

namespace Wetware.Host.Services.PubSub;

/// <summary>The metrics of pub-sub topics.</summary>
internal static class Metrics
{
    public static Counter<long> MessagesLost { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.pubsub.lost", "{message}", "Messages of topics that were dropped because a subscriber was slow.");
}

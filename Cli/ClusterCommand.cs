using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Wetware.Host.Membership.Boot;
using Wetware.Membership.Boot;

namespace Wetware.Cli;

/// <summary><c>ww cluster ls</c>: prints boot packets as they pass.</summary>
internal static class ClusterCommand
{
    public static Command Create()
    {
        var discover = new Option<string>("--discover")
        {
            Description = "The multicast group, or the network whose port is asked.",
            HelpName = "multiaddr",
            DefaultValueFactory = _ => BootTarget.Default,
        };
        var json = SharedOptions.Json();
        var list = new Command("ls", "Print the packets of peers that look for each other, as they pass.") { discover, json };
        list.SetAction((parsed, cancellation) => WatchAsync(parsed.GetValue(discover)!, parsed.GetValue(json), cancellation));
        return new Command("cluster", "Look at the cluster from outside.") { list };
    }

    private static async Task<int> WatchAsync(string target, bool json, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        await foreach (var sighting in BootWatch.WatchAsync(target, cancellation).ConfigureAwait(false))
        {
            var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine(json ? Json(sighting, seconds) : Text(sighting, seconds));
        }

        return ExitCode.Success;
    }

    private static string Text(BootSighting sighting, double seconds)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"[{(int)seconds:0000} secs] Got multicast packet ({sighting.Bytes} byte)");
        if (sighting.Packet is not { } packet)
        {
            return $"{head}\n  refused:   {sighting.Fault} ({sighting.From})";
        }

        var text = $"{head}\n  type:      {Type(packet)}\n  namespace: {packet.Namespace}\n  size:      {sighting.Bytes}\n  peer:      {packet.Peer}";
        return packet.Kind == BootPacketKind.Survey ? string.Create(CultureInfo.InvariantCulture, $"{text}\n  distance:  {packet.Distance}") : text;
    }

    private static string Json(BootSighting sighting, double seconds) => sighting.Packet is { } packet
        ? JsonSerializer.Serialize(new
        {
            seconds,
            type = Type(packet),
            @namespace = packet.Namespace,
            size = sighting.Bytes,
            peer = packet.Peer.ToString(),
            distance = packet.Kind == BootPacketKind.Survey ? packet.Distance : (byte?)null,
        })
        : JsonSerializer.Serialize(new { seconds, refused = sighting.Fault.ToString(), size = sighting.Bytes, from = sighting.From.ToString() });

    private static string Type(BootPacket packet) => packet.Kind switch
    {
        BootPacketKind.Request => "request",
        BootPacketKind.Survey => "survey",
        _ => "response",
    };
}

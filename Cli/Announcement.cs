using System.Text.Json;
using Wetware.Host;

namespace Wetware.Cli;

/// <summary>What a started node prints: who it is and where to reach it.</summary>
internal static class Announcement
{
    public static void Print(WetwareNode node, bool json)
    {
        var addresses = node.Addresses.Select(address => address.ToString()).ToArray();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { peer = node.Peer.ToString(), server = node.Server.ToString(), addresses }));
            return;
        }

        Console.WriteLine($"peer      {node.Peer}");
        Console.WriteLine($"server    {node.Server}");
        foreach (var address in addresses)
        {
            Console.WriteLine($"listening {address}");
        }

        Console.WriteLine("ready");
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Wetware.Protocol.Routing;

namespace Wetware.Cli;

/// <summary>Records as <c>ww ls</c> prints them.</summary>
internal static class RecordText
{
    public static string Line(ClusterRecord record) =>
        $"/{record.Server}  {record.Peer}  {record.Host}  {string.Join(' ', record.Meta)}".TrimEnd();

    public static JsonObject Json(ClusterRecord record) => new()
    {
        ["server"] = record.Server.ToString(),
        ["peer"] = record.Peer.ToString(),
        ["host"] = record.Host,
        ["meta"] = JsonSerializer.SerializeToNode(Labels(record.Meta)),
        ["seq"] = record.Seq,
        ["ttl"] = record.Ttl.TotalMilliseconds,
        ["addrs"] = JsonSerializer.SerializeToNode(record.Addresses.Select(address => address.ToString())),
    };

    /// <summary>By key; of several labels with one key, which a peer is free to announce, the last.</summary>
    private static Dictionary<string, string> Labels(IReadOnlyList<string> meta)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in meta)
        {
            var pair = label.Split('=', 2);
            labels[pair[0]] = pair.Length > 1 ? pair[1] : "";
        }

        return labels;
    }
}

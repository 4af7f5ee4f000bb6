using System.Text;
using Wetware.Host;
using Wetware.Membership.Routing;
using Wetware.Protocol.Queues;
using Wetware.Protocol.Routing;
using Wetware.Queue;

var data = Directory.CreateTempSubdirectory("embed-").FullName;
await using var node = await WetwareNode.StartAsync(WetwareOptions.Default with { DataFolder = data });
var queues = node.Session.Queues;

// Exactly once, whatever fails in between: commands carry a session that the cluster remembers.
var topic = (await queues.ExecuteAsync(QueueCommand.CreateTopic("greetings", TopicOptions.Default))).Topic;
await queues.ExecuteAsync(QueueCommand.Transact(QueueOperation.Enqueue(topic, Encoding.UTF8.GetBytes("hello"))));
var leased = (await queues.ExecuteAsync(QueueCommand.Lease(topic, count: 1, visibilityMilliseconds: 30_000))).Messages[0];
Console.WriteLine(Encoding.UTF8.GetString(leased.Payload.Span));
await queues.ExecuteAsync(QueueCommand.Transact(QueueOperation.Ack(topic, leased.Token)));

await foreach (var peer in node.Session.QueryAsync(Query.All))
{
    Console.WriteLine($"{peer.Server == node.Server}");
}

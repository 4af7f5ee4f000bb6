using System.Diagnostics;
using System.Text;
using Wetware.Client;
using Wetware.Core;
using Wetware.Crawler.Fetch;
using Wetware.Host;
using Wetware.Protocol;
using Wetware.Protocol.Queues;
using Wetware.Queue;
using GroupStatus = Wetware.Protocol.GroupStatus;

namespace Wetware.Fuzz.Processes;

/// <summary>Looks at what the nodes hold, from outside.</summary>
internal static class Readings
{
    private const int LeaseCount = 500;
    private const uint LeaseMilliseconds = 60 * 60 * 1000;
    private static readonly TimeSpan s_dial = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    public static Task<WetwareClient> ConnectAsync(string address) => WetwareClient.ConnectAsync([address], WetwareClientOptions.Default with { Timeout = s_dial });

    /// <summary>Waits until so many vote.</summary>
    public static Task UntilVotersAsync(string[] addresses, int voters) =>
        UntilAsync(addresses, all => all.TrueForAll(status => status.Voters.Length == voters) ? "" : null, $"{voters} voters");

    /// <summary>Waits until all nodes are at the same place and in the same state; says where.</summary>
    public static Task<string> UntilAgreedAsync(string[] addresses) => UntilAsync(
        addresses,
        all => all.TrueForAll(status => status.Applied == all[0].Applied && status.Digest == all[0].Digest) ? $"index {all[0].Applied}, digest {all[0].Digest:x16}" : null,
        "one state everywhere");

    /// <summary>All messages, in order. When all faults are over.</summary>
    public static async Task<IReadOnlyList<string>> ReadAllAsync(string address)
    {
        try
        {
            var client = await ConnectAsync(address).ConfigureAwait(false);
            await using (client.ConfigureAwait(false))
            {
                return await ReadAllAsync(client.Session.Queues).ConfigureAwait(false);
            }
        }
        catch (WetwareException failure)
        {
            throw new ProcessFailure($"all nodes are up, and {address} cannot be read: {failure.Message}");
        }
    }

    private static async Task<IReadOnlyList<string>> ReadAllAsync(QueueClient queues)
    {
        var topic = (await queues.ExecuteAsync(QueueCommand.CreateTopic(Writer.Topic, TopicOptions.Default)).ConfigureAwait(false)).Topic;
        var read = new List<string>();
        while (true)
        {
            var leased = await queues.ExecuteAsync(QueueCommand.Lease(topic, LeaseCount, LeaseMilliseconds)).ConfigureAwait(false);
            if (leased.Status != QueueStatus.Ok)
            {
                throw new ProcessFailure($"reading is answered with {leased.Status}");
            }

            if (leased.Messages.Count == 0)
            {
                return read;
            }

            read.AddRange(leased.Messages.Select(message => Encoding.UTF8.GetString(message.Payload.Span)));
        }
    }

    private static async Task<string> UntilAsync(string[] addresses, Func<List<GroupStatus>, string?> holds, string what)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < s_recovery;)
        {
            var all = new List<GroupStatus>();
            try
            {
                foreach (var address in addresses)
                {
                    var client = await ConnectAsync(address).ConfigureAwait(false);
                    await using (client.ConfigureAwait(false))
                    {
                        all.AddRange(await client.Session.StatusAsync().ConfigureAwait(false));
                    }
                }

                if (holds(all) is { } found)
                {
                    return found;
                }
            }
            catch (WetwareException)
            {
                // One of them is still starting.
            }

            await Task.Delay(s_interval).ConfigureAwait(false);
        }

        throw new ProcessFailure($"after {s_recovery.TotalSeconds} s there is not yet: {what}");
    }
}

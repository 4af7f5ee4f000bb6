using System.Text;
using Wetware.Client;

namespace Wetware.Host.Tests.PubSub;

/// <summary>What a subscription brings, as texts.</summary>
internal static class SubscriptionTexts
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The next messages, once there are so many.</summary>
    public static async Task<List<string>> TakeAsync(this TopicSubscription subscription, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_patience);
        var taken = new List<string>();
        await foreach (var message in subscription.ReadAsync(limit.Token))
        {
            taken.Add(Encoding.UTF8.GetString(message.Data.Span));
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}

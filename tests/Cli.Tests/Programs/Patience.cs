namespace Wetware.Cli.Tests.Programs;

/// <summary>How long tests wait for other processes, and the one way to wait for what they give no signal of.</summary>
internal static class Patience
{
    /// <summary>For anything at all. A test that reaches it has found a hang.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Waits for something that ends by itself.</summary>
    public static async Task<T> For<T>(Task<T> task, string what, Func<string>? evidence = null)
    {
        try
        {
            return await task.WaitAsync(Limit, Cancellation);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"waited {Limit.TotalSeconds} s in vain for {what}\n{evidence?.Invoke()}", late);
        }
    }

    /// <summary>Asks another process again and again until it says what is awaited; it sends no word by itself.</summary>
    /// <returns>What it said.</returns>
    public static async Task<T> Until<T>(Func<Task<T>> ask, Func<T, bool> isIt, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await For(ask(), what);
            if (isIt(answer))
            {
                return answer;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"waited {Limit.TotalSeconds} s in vain for {what}; the last answer was {answer}");
            await Task.Delay(s_interval, Cancellation);
        }
    }
}

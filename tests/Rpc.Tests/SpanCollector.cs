using System.Collections.Concurrent;
using System.Diagnostics;

namespace Wetware.Rpc.Tests;

/// <summary>Collects the spans of calls while it lives.</summary>
internal sealed class SpanCollector : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanCollector(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RpcTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Every span that has ended so far.</summary>
    public IEnumerable<Activity> All => _ended;

    /// <summary>Waits for as many spans as are to come, in the order of their start.</summary>
    public async Task<Activity[]> TakeAsync(int count)
    {
        var watch = Stopwatch.StartNew();
        while (_ended.Count < count)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10),
                $"{count} spans were to come: {string.Join("; ", _ended.Select(Describe))}");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        var spans = _ended.OrderBy(span => span.StartTimeUtc).ToArray();
        Assert.True(spans.Length == count, $"{count} spans were to come: {string.Join("; ", spans.Select(Describe))}");
        _ended.Clear();
        return spans;
    }

    /// <summary>The one of a kind that is the child of a context.</summary>
    public static Activity ChildOf(IEnumerable<Activity> spans, ActivityContext parent, ActivityKind kind) =>
        Assert.Single(spans, span => span.Kind == kind && span.ParentSpanId == parent.SpanId && span.TraceId == parent.TraceId);

    public void Dispose() => _listener.Dispose();

    private static string Describe(Activity span) => $"{span.Kind} {span.DisplayName} {span.SpanId} of {span.ParentSpanId}";
}

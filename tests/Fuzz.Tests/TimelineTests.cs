using Wetware.Fuzz.Linearizability;

namespace Wetware.Fuzz.Tests;

/// <summary>The page that shows a failure.</summary>
public sealed class TimelineTests
{
    private static readonly KeyValueCall Evil = KeyValueCall.Put("a", "<script>");

    [Fact]
    public void ShowsEveryOperationAndMarksTheOneThatNothingSatisfies()
    {
        var history = new History<KeyValueCall>();
        history.Return(history.Invoke(0, Evil), Evil);
        history.Return(history.Invoke(1, KeyValueCall.Get("a")), KeyValueCall.Get("a", "other"));
        history.Invoke(2, KeyValueCall.Put("a", "late"));
        var result = new Checker<string, KeyValueCall>(new KeyValueModel()).Check(history.Operations, TimeSpan.FromMinutes(1));

        var page = new StringWriter();
        Timeline.Write(page, "a < b", history.Operations, result);
        var html = page.ToString();

        Assert.Equal(Verdict.NotLinearizable, result.Verdict);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.Contains("a &lt; b", html, StringComparison.Ordinal);
        Assert.Contains("1. put a &quot;&lt;script&gt;&quot;", html, StringComparison.Ordinal);
        Assert.Contains("class=\"bar stuck\"", html, StringComparison.Ordinal);
        Assert.Contains("class=\"bar open\"", html, StringComparison.Ordinal);
        Assert.Equal(3, html.Split("class=row").Length - 1);
    }

    [Fact]
    public void ShowsNoMoreThanABrowserStands()
    {
        var operations = new Operation<KeyValueCall>[Limits.TimelineOperationsMax + 1000];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = new(i % 4, 2 * i, (2 * i) + 1, Evil);
        }

        var page = new StringWriter();
        Timeline.Write(page, "long", operations, new(Verdict.NotLinearizable, "", 0, [], operations.Length - 1));
        Assert.Equal(Limits.TimelineOperationsMax, page.ToString().Split("class=\"bar").Length - 1);
    }
}

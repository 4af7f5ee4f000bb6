using System.Globalization;
using System.Net;

namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// Draws a history as an HTML page: a row a client, a bar an operation from its invocation to its return. The order that got furthest is
/// numbered; the operation whose return nothing satisfied is marked. At most <see cref="Limits.TimelineOperationsMax"/> operations, those around the mark.
/// </summary>
internal static class Timeline
{
    private const string Style = """
        body { font: 13px sans-serif; margin: 1.5em } .row { position: relative; height: 26px; border-bottom: 1px solid #ddd; min-width: 1000px }
        .bar { position: absolute; top: 3px; height: 18px; padding: 0 3px; box-sizing: border-box; overflow: hidden; white-space: nowrap;
        background: #cfe3ff; border: 1px solid #5b8bd0; border-radius: 3px } .bar:hover { z-index: 1; overflow: visible; min-width: max-content }
        .open { border-style: dashed; background: #eee } .stuck { background: #ffb3a8; border-color: #b00 }
        """;

    public static void Write<TCall>(TextWriter page, string title, ReadOnlySpan<Operation<TCall>> operations, CheckResult result)
    {
        var (first, end) = Window(operations.Length, result.Stuck);
        var shown = operations[first..end].ToArray();
        var places = result.Order.Select((position, place) => (position, place)).ToDictionary(pair => pair.position, pair => pair.place + 1);
        var start = shown.Length == 0 ? 0 : shown.Min(operation => operation.Invoked);
        var last = shown.Length == 0 ? 1 : shown.Max(operation => operation.IsOpen ? operation.Invoked : operation.Returned) + 1;
        page.WriteLine($"<!doctype html><meta charset=utf-8><title>{Encode(title)}</title><style>{Style}</style><h1>{Encode(title)}</h1>");
        page.WriteLine($"<p>{result.Verdict}; {shown.Length} of {operations.Length} operations. A number is a place in the order that got furthest; dashed: no answer came.</p>");
        foreach (var client in shown.Select((operation, i) => (operation, position: first + i)).GroupBy(pair => pair.operation.Client).OrderBy(group => group.Key))
        {
            page.Write("<div class=row>");
            foreach (var (operation, position) in client)
            {
                Bar(page, operation, position, places.GetValueOrDefault(position), position == result.Stuck, start, last);
            }

            page.WriteLine("</div>");
        }
    }

    private static (int First, int End) Window(int count, int stuck)
    {
        var first = Math.Clamp((stuck < 0 ? count : stuck) - (Limits.TimelineOperationsMax / 2), 0, Math.Max(0, count - Limits.TimelineOperationsMax));
        return (first, Math.Min(count, first + Limits.TimelineOperationsMax));
    }

    private static void Bar<TCall>(TextWriter page, in Operation<TCall> operation, int position, int place, bool isStuck, long start, long last)
    {
        var scale = 100.0 / (last - start);
        var end = operation.IsOpen ? last : operation.Returned;
        var text = Encode(string.Create(CultureInfo.InvariantCulture, $"{(place > 0 ? $"{place}. " : "")}{operation.Call}"));
        page.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"<div class=\"bar{(operation.IsOpen ? " open" : "")}{(isStuck ? " stuck" : "")}\" style=\"left:{(operation.Invoked - start) * scale:0.###}%;width:{Math.Max(end - operation.Invoked, 0.5) * scale:0.###}%\" title=\"operation {position}\">{text}</div>"));
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}

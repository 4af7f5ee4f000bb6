using System.Globalization;
using Wetware.Protocol.Crawls;

namespace Wetware.Cli;

/// <summary>One line on standard error that is rewritten on a terminal, and printed anew every few seconds elsewhere.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan s_quietInterval = TimeSpan.FromSeconds(5);
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private TimeSpan _printed = -s_quietInterval;
    private int _width;

    public void Show(CrawlStatus status, TimeSpan elapsed)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds,6:0.0} s  {status.Results} results  {status.Waiting} waiting  {status.Leased} under way  {status.Results / Math.Max(elapsed.TotalSeconds, 0.1):0} pages/s  {status.Retries} retries");
        if (_isTerminal)
        {
            Console.Error.Write("\r" + line.PadRight(_width));
            _width = line.Length;
        }
        else if (elapsed - _printed >= s_quietInterval)
        {
            Console.Error.WriteLine(line);
            _printed = elapsed;
        }
    }

    /// <summary>Takes the line off a terminal.</summary>
    public void Clear()
    {
        if (_isTerminal && _width > 0)
        {
            Console.Error.Write("\r" + new string(' ', _width) + "\r");
            _width = 0;
        }
    }

    public void Dispose() => Clear();
}

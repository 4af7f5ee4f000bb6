using System.CommandLine;
using System.Text.Json;
using Wetware.Crawler;
using Wetware.Protocol.Crawls;

namespace Wetware.Cli;

/// <summary><c>ww results</c>: prints what a crawl found, or which crawls there are.</summary>
internal static class ResultsCommand
{
    public static Command Create()
    {
        var crawl = new Argument<ulong?>("crawl") { Description = "The number of a crawl; all crawls are listed without it.", Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<ulong>("--from") { Description = "Begin at this offset, as --json prints it.", HelpName = "offset" };
        var json = SharedOptions.Json();
        var command = new Command("results", "Print the results of a crawl, or list the crawls.") { crawl, from, json };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(crawl), connect.Read(parsed), parsed.GetValue(from), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ulong? crawl, Connector connector, ulong from, bool json, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        if (crawl is not { } id)
        {
            foreach (var status in await Answers.WithinAsync(connector.Timeout, client.Session.Crawls.ListAsync, cancellation).ConfigureAwait(false))
            {
                Console.WriteLine(json
                    ? JsonSerializer.Serialize(new { crawl = status.Id, state = status.State.ToString(), seeds = status.Seeds, found = status.Found, results = status.Results })
                    : $"{status.Id,4}  {status.State,-9}  {status.Results} of {status.Found}  {string.Join(' ', status.Seeds)}");
            }

            return ExitCode.Success;
        }

        var follower = new ResultsFollower(connector, id, from, (offset, item) => Console.WriteLine(json ? Json(offset, item) : Text(item)));
        await follower.RunAsync(client, cancellation).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static string Text(PageItem item) =>
        $"{(item.Status == 0 ? "-" : item.Status),3}  {item.Outcome,-7}  {item.Length,8}  {item.Url}{(item.Error.Length > 0 ? "  " + item.Error : "")}{(item.Title.Length > 0 ? "  " + item.Title : "")}{(item.ExtractError.Length > 0 ? $"  [{item.ExtractError}]" : "")}";

    private static string Json(ulong offset, PageItem item) => JsonSerializer.Serialize(new
    {
        offset,
        url = item.Url,
        finalUrl = item.FinalUrl,
        outcome = item.Outcome.ToString(),
        status = item.Status,
        depth = item.Depth,
        title = item.Title,
        contentType = item.ContentType,
        length = item.Length,
        sha256 = Convert.ToHexStringLower(item.ContentHash.Span),
        links = item.Links,
        attempts = item.Attempts,
        fetchedAt = DateTimeOffset.FromUnixTimeMilliseconds((long)item.FetchedAt),
        error = item.Error,
        referrer = item.Referrer,
        item = item.Extracted.Length > 0 ? item.Extracted : null,
        itemError = item.ExtractError.Length > 0 ? item.ExtractError : null,
    });
}

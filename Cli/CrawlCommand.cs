using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Wetware.Core;
using Wetware.Crawler;
using Wetware.Protocol.Crawls;

namespace Wetware.Cli;

/// <summary><c>ww crawl</c>: starts a crawl on the whole cluster and follows it to its end.</summary>
internal static class CrawlCommand
{
    public static Command Create()
    {
        var urls = new Argument<string[]>("url") { Description = "Where to start; only pages of the same hosts are fetched.", Arity = ArgumentArity.OneOrMore };
        urls.Validators.Add(RejectUrls);
        var hosts = new Option<string[]>("--host") { Description = "A further host in scope, such as example.org:8080; repeat for several.", HelpName = "host", DefaultValueFactory = _ => [] };
        var depth = new Option<uint?>("--depth") { Description = "How many links away from a start page. [default: no limit]", HelpName = "links" };
        var pages = new Option<ulong>("--pages") { Description = "How many distinct URLs at the most.", HelpName = "count", DefaultValueFactory = _ => 1_000_000 };
        var workers = new Option<uint>("--workers") { Description = "Pages that each node fetches at a time.", HelpName = "count", DefaultValueFactory = _ => 8 };
        var delay = new Option<uint>("--delay") { Description = "Milliseconds between two requests of one node to one host, unless robots.txt asks for more.", HelpName = "ms", DefaultValueFactory = _ => 0 };
        var rom = new Option<FileInfo?>("--rom")
        {
            Description = "A WebAssembly program that makes an item of each page: the page comes on its standard input behind a few header lines, the item is what it prints.",
            HelpName = "extract.wasm",
        };
        var detach = new Option<bool>("--detach") { Description = "Print the crawl's number and leave; follow it with 'ww results'." };
        var json = SharedOptions.Json();
        var command = new Command("crawl", "Crawl a site with every node of the cluster.") { urls, hosts, depth, pages, workers, delay, rom, detach, json };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) => await RunAsync(
            new CrawlRequest(parsed.GetValue(urls)!)
            {
                Rom = parsed.GetValue(rom) is { } file ? await RomOptions.LoadAsync(file, cancellation).ConfigureAwait(false) : default,
                Hosts = parsed.GetValue(hosts)!,
                DepthMax = parsed.GetValue(depth) ?? uint.MaxValue,
                PagesMax = parsed.GetValue(pages),
                WorkersPerNode = parsed.GetValue(workers),
                Delay = TimeSpan.FromMilliseconds(parsed.GetValue(delay)),
            },
            connect.Read(parsed),
            parsed.GetValue(detach),
            parsed.GetValue(json),
            cancellation).ConfigureAwait(false));
        return command;
    }

    private static void RejectUrls(ArgumentResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (!CanonicalUrl.TryParse(token.Value, out _))
            {
                result.AddError($"'{token.Value}' is no http or https URL.");
            }
        }
    }

    private static async Task<int> RunAsync(CrawlRequest request, Connector connector, bool detach, bool json, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        var id = await Answers.WithinAsync(connector.Timeout, stop => client.Session.Crawls.StartAsync(request, stop), cancellation).ConfigureAwait(false);
        if (detach)
        {
            Console.WriteLine(json ? JsonSerializer.Serialize(new { crawl = id }) : $"crawl {id}");
            return ExitCode.Success;
        }

        using var progress = new ProgressLine();
        CrawlStatus status;
        try
        {
            status = await CrawlFollower.FollowAsync(connector, id, progress.Show, cancellation).ConfigureAwait(false);
        }
        catch (WetwareException failure)
        {
            throw new CommandException($"lost sight of crawl {id}, which goes on without this command (see 'ww results'): {failure.Message}");
        }

        progress.Clear();
        Console.WriteLine(json
            ? JsonSerializer.Serialize(new
            {
                crawl = id,
                state = status.State.ToString(),
                found = status.Found,
                results = status.Results,
                retries = status.Retries,
                duplicates = status.Duplicates,
            })
            : $"crawl {id} {status.State}: {status.Results} results of {status.Found} URLs, {status.Retries} retries, {status.Duplicates} known links refused");
        return status.State == CrawlState.Done ? ExitCode.Success : ExitCode.Failure;
    }
}

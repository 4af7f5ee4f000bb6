using System.CommandLine;
using Wetware.Cli.Demo;

namespace Wetware.Cli;

/// <summary><c>ww demo</c>: three real nodes crawl a real site while their leader is killed and comes back.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var site = new Option<string?>("--site") { Description = "A folder to serve and crawl, or the URL of a running site. [default: the site that ships with ww]", HelpName = "folder|url" };
        var data = new Option<string?>("--data") { Description = "Where the nodes keep their data; kept afterwards. [default: a temporary folder, removed on success]", HelpName = "folder" };
        var pages = new Option<ulong>("--pages") { Description = "How many distinct URLs at the most.", HelpName = "count", DefaultValueFactory = _ => 100_000 };
        var delay = new Option<uint>("--delay") { Description = "Milliseconds between two requests of one node to the site, so that there is something to watch.", HelpName = "ms", DefaultValueFactory = _ => 20 };
        var insecure = SharedOptions.Insecure();
        var json = SharedOptions.Json();
        var command = new Command("demo", "Start three nodes, crawl a site with them, kill the leader half-way, and check that nothing is lost.") { site, data, pages, delay, insecure, json };
        command.SetAction((parsed, cancellation) => DemoRun.RunAsync(
            parsed.GetValue(site), parsed.GetValue(data), parsed.GetValue(pages), parsed.GetValue(delay), parsed.GetValue(insecure), parsed.GetValue(json), cancellation));
        return command;
    }
}

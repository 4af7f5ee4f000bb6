using System.CommandLine;
using System.Text.Json;
using Wetware.Client;

namespace Wetware.Cli;

/// <summary><c>ww find</c>: prints who provides a service.</summary>
internal static class FindCommand
{
    public static Command Create()
    {
        var service = ProvideCommand.Service();
        var count = new Option<ulong>("--count", "-n") { Description = "Leave after so many. [default: all]", HelpName = "providers" };
        var json = SharedOptions.Json();
        var command = new Command("find", "Print where a service is, a place a line, as the nodes of the cluster list it now; the exit code is 1 if it is nowhere.") { service, count, json };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            connect.Read(parsed), parsed.GetValue(service)!, parsed.GetValue(count), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Connector connector, string service, ulong count, bool json, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        using var search = client.Session.Services.Find(service);
        var seen = 0ul;
        await foreach (var provider in Answers.WithinAsync(connector.Timeout, search.ReadAsync, cancellation).ConfigureAwait(false))
        {
            using (provider)
            {
                Print(provider, json);
            }

            if (++seen == count)
            {
                return ExitCode.Success;
            }
        }

        if (search.SilentNodes > 0)
        {
            await Console.Error.WriteLineAsync($"ww: {search.SilentNodes} of {search.Nodes} nodes did not answer").ConfigureAwait(false);
        }

        return seen > 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Print(FoundProvider provider, bool json)
    {
        var location = provider.Location;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                service = location.Service,
                addresses = location.Addresses.Select(static address => address.ToString()),
                anchor = location.Anchor,
                capability = location.Capability is not null,
                meta = location.Meta,
                node = provider.Node.ToString(),
                account = provider.Account.ToString(),
            }));
            return;
        }

        var place = location.Anchor ?? (location.Capability is not null ? $"<{AnchorKind.Capability}>" : string.Join(',', location.Addresses.Select(static address => address.ToString())));
        Console.WriteLine(string.Join("  ", [place, "on " + provider.Node, .. location.Meta]));
    }
}

using System.CommandLine;
using Wetware.Client;
using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Cli;

/// <summary><c>ww provide</c>: lists where a service is, for as long as the command runs.</summary>
internal static class ProvideCommand
{
    public static Command Create()
    {
        var service = Service();
        var addresses = new Option<string[]>("--address") { Description = "Multiaddr where it can be dialled; repeat for several.", HelpName = "multiaddr", DefaultValueFactory = _ => [] };
        var anchor = new Option<string?>("--anchor") { Description = "Anchor where it is, such as a channel's: /<peer id>/some/name.", HelpName = "path" };
        var meta = new Option<string[]>("--meta") { Description = "What to say of it, such as version=2; repeat for several.", HelpName = "key=value", DefaultValueFactory = _ => [] };
        var ttl = new Option<double?>("--ttl") { Description = "Leave after so long. [default: when interrupted]", HelpName = "seconds" };
        var command = new Command("provide", "Say where a service is, so that 'ww find' finds it from every node, for as long as this command runs.") { service, addresses, anchor, meta, ttl };
        var connect = ConnectOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(addresses)!.Length > 0 == result.GetValue(anchor) is not null)
            {
                result.AddError("where the service is takes either --address or --anchor.");
            }

            foreach (var address in result.GetValue(addresses)!)
            {
                if (!Multiaddr.TryParse(address, out _, out var error))
                {
                    result.AddError($"--address {address}: {error}");
                }
            }

            if (result.GetValue(ttl) is { } seconds and not (>= 0.001 and < 86_400))
            {
                result.AddError($"--ttl takes seconds between 0.001 and 86400, not '{seconds}'.");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            var name = parsed.GetValue(service)!;
            var location = parsed.GetValue(anchor) is { } path
                ? ServiceLocation.AtAnchor(name, path)
                : ServiceLocation.AtAddresses(name, [.. parsed.GetValue(addresses)!.Select(Multiaddr.Parse)]);
            return RunAsync(connect.Read(parsed), location with { Meta = parsed.GetValue(meta)! }, parsed.GetValue(ttl) is { } seconds ? TimeSpan.FromSeconds(seconds) : null, cancellation);
        });
        return command;
    }

    internal static Argument<string> Service() => new("service") { Description = "The service: 1 to 255 bytes without control characters." };

    private static async Task<int> RunAsync(Connector connector, ServiceLocation location, TimeSpan? ttl, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        using var registration = await Answers.WithinAsync(
            connector.Timeout, stop => client.Session.Services.ProvideAsync(location, ttl, stop), cancellation).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"ww: providing {location.Service}").ConfigureAwait(false);
        var ended = await Task.WhenAny(client.Closed, Task.Delay(ttl ?? Timeout.InfiniteTimeSpan, cancellation)).ConfigureAwait(false);
        return ended == client.Closed ? throw new WetwareException("the node was lost, and with it the registration") : await EndAsync(ended).ConfigureAwait(false);
    }

    private static async Task<int> EndAsync(Task ended)
    {
        await ended.ConfigureAwait(false);
        return ExitCode.Success;
    }
}

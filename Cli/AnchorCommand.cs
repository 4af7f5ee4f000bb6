using System.CommandLine;
using System.Text;
using System.Text.Json;
using Wetware.Client;

namespace Wetware.Cli;

/// <summary><c>ww anchor</c>: looks at the shared registers of the nodes, and writes them.</summary>
internal static class AnchorCommand
{
    public static Command Create() => new("anchor", "Read and write anchors: registers of the nodes, shared by the whole cluster, at paths such as /<peer id>/some/name.")
    {
        List(), Get(), Put(), Remove(),
    };

    private static Command List()
    {
        var path = new Argument<string>("path") { Description = "The anchor; the root, whose children are the nodes, without it.", DefaultValueFactory = _ => "/" };
        var json = SharedOptions.Json();
        var command = new Command("ls", "Print the paths directly below an anchor.") { path, json };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(connect.Read(parsed), async (anchors, stop) =>
        {
            var above = parsed.GetValue(path)!.TrimEnd('/');
            foreach (var name in await anchors.ListAsync(parsed.GetValue(path)!, stop).ConfigureAwait(false))
            {
                Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new { path = $"{above}/{name}" }) : $"{above}/{name}");
            }

            return ExitCode.Success;
        }, cancellation));
        return command;
    }

    private static Command Get()
    {
        var path = Path();
        var json = SharedOptions.Json();
        var command = new Command("get", "Print what an anchor holds; the exit code is 1 if that is nothing.") { path, json };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(connect.Read(parsed), async (anchors, stop) =>
        {
            using var value = await anchors.LoadAsync(parsed.GetValue(path)!, stop).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    kind = value.Kind.ToString(),
                    version = value.Version,
                    data = value.Kind == AnchorKind.Data ? Encoding.UTF8.GetString(value.Data.Span) : null,
                }));
            }
            else if (value.Kind == AnchorKind.Data)
            {
                using var output = Console.OpenStandardOutput();
                await output.WriteAsync(value.Data, stop).ConfigureAwait(false);
            }
            else
            {
                Console.WriteLine($"<{value.Kind}>");
            }

            return value.Kind == AnchorKind.Empty ? ExitCode.Failure : ExitCode.Success;
        }, cancellation));
        return command;
    }

    private static Command Put()
    {
        var path = Path();
        var value = new Argument<string?>("value") { Description = "What to store; standard input without it.", Arity = ArgumentArity.ZeroOrOne };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace what the anchor holds; without this it is refused." };
        var command = new Command("put", "Store data in an anchor.") { path, value, overwrite };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(connect.Read(parsed), async (anchors, stop) =>
        {
            var data = parsed.GetValue(value) is { } text ? Encoding.UTF8.GetBytes(text) : await StandardInput.ReadAllAsync(stop).ConfigureAwait(false);
            return await anchors.StoreAsync(parsed.GetValue(path)!, data, parsed.GetValue(overwrite), stop).ConfigureAwait(false)
                ? ExitCode.Success
                : throw new CommandException($"{parsed.GetValue(path)} holds something already; replace it with --overwrite");
        }, cancellation));
        return command;
    }

    private static Command Remove()
    {
        var path = Path();
        var command = new Command("rm", "Empty an anchor, which is gone then unless somebody holds it.") { path };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(connect.Read(parsed), async (anchors, stop) =>
        {
            await anchors.ClearAsync(parsed.GetValue(path)!, stop).ConfigureAwait(false);
            return ExitCode.Success;
        }, cancellation));
        return command;
    }

    private static Argument<string> Path() => new("path") { Description = "Such as /<peer id>/some/name; a server id as 'ww ls' shows it does as well." };

    private static async Task<int> WithAsync(Connector connector, Func<AnchorClient, CancellationToken, Task<int>> run, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        return await Answers.WithinAsync(connector.Timeout, stop => run(client.Session.Anchors, stop), cancellation).ConfigureAwait(false);
    }
}

using System.CommandLine;
using System.Text;
using Wetware.Client;

namespace Wetware.Cli;

/// <summary><c>ww publish</c>: publishes to a topic.</summary>
internal static class PublishCommand
{
    public static Command Create()
    {
        var topic = Topic();
        var message = new Argument<string?>("message") { Description = "What to publish; standard input without it.", Arity = ArgumentArity.ZeroOrOne };
        var lines = new Option<bool>("--lines") { Description = "Each line of standard input is a message; otherwise all of it is one." };
        var command = new Command("publish", "Publish a message to a topic: it reaches all who subscribe to it, on every node, at most once.") { topic, message, lines };
        command.Aliases.Add("pub");
        var connect = ConnectOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(lines) && result.GetValue(message) is not null)
            {
                result.AddError("--lines reads standard input, so there is no message to name.");
            }
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            connect.Read(parsed), parsed.GetValue(topic)!, parsed.GetValue(message), parsed.GetValue(lines), cancellation));
        return command;
    }

    internal static Argument<string> Topic() => new("topic") { Description = "The topic: 1 to 255 bytes without control characters." };

    private static async Task<int> RunAsync(Connector connector, string topic, string? message, bool lines, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        if (lines)
        {
            using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
            while (await input.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
            {
                await PublishAsync(connector, client, topic, Encoding.UTF8.GetBytes(line), cancellation).ConfigureAwait(false);
            }

            return ExitCode.Success;
        }

        await PublishAsync(connector, client, topic, message is null ? await StandardInput.ReadAllAsync(cancellation).ConfigureAwait(false) : Encoding.UTF8.GetBytes(message), cancellation).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static Task<bool> PublishAsync(Connector connector, WetwareClient client, string topic, byte[] message, CancellationToken cancellation) => Answers.WithinAsync(
        connector.Timeout,
        async stop =>
        {
            await client.Session.Topics.PublishAsync(topic, message, stop).ConfigureAwait(false);
            return true;
        },
        cancellation);
}

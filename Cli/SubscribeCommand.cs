using System.CommandLine;
using System.Text;
using System.Text.Json;
using Wetware.Core;

namespace Wetware.Cli;

/// <summary><c>ww subscribe</c>: prints what is published to a topic.</summary>
internal static class SubscribeCommand
{
    private const int Room = 1_024;

    public static Command Create()
    {
        var topic = PublishCommand.Topic();
        var hex = new Option<bool>("--hex") { Description = "Print messages in hexadecimal." };
        var count = new Option<ulong>("--count", "-n") { Description = "Leave after so many messages. [default: when interrupted]", HelpName = "messages" };
        var json = SharedOptions.Json();
        var command = new Command("subscribe", "Print what is published to a topic from now on, a message a line.") { topic, hex, count, json };
        command.Aliases.Add("sub");
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            connect.Read(parsed), parsed.GetValue(topic)!, parsed.GetValue(hex), parsed.GetValue(count), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Connector connector, string topic, bool hex, ulong count, bool json, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        using var subscription = await Answers.WithinAsync(
            connector.Timeout, stop => client.Session.Topics.SubscribeAsync(topic, Room, stop), cancellation).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"ww: subscribed to {topic}").ConfigureAwait(false);
        var seen = 0ul;
        await foreach (var message in subscription.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (message.Lost > 0)
            {
                await Console.Error.WriteLineAsync($"ww: {message.Lost} messages came too fast and were lost").ConfigureAwait(false);
            }

            var text = hex ? Convert.ToHexStringLower(message.Data.Span) : Encoding.UTF8.GetString(message.Data.Span);
            Console.WriteLine(json ? JsonSerializer.Serialize(new { topic, message = text, lost = message.Lost }) : text);
            if (++seen == count)
            {
                return ExitCode.Success;
            }
        }

        throw new WetwareException("the node has ended the subscription");
    }
}

using System.CommandLine;
using System.Text;
using System.Text.Json;
using Wetware.Client;

namespace Wetware.Cli;

/// <summary><c>ww channel</c>: makes channels at anchors, sends to them and receives from them.</summary>
internal static class ChannelCommand
{
    public static Command Create()
    {
        var command = new Command("channel", "Hand values from those who send to those who receive, each to exactly one, in order, through a channel at an anchor such as /<peer id>/some/name.")
        {
            Make(), Send(), Receive(), Close(),
        };
        command.Aliases.Add("chan");
        return command;
    }

    private static Command Make()
    {
        var path = Path();
        var items = new Option<int>("--buffer") { Description = "Values that can wait in the channel, at most 65536; with none, who sends waits for who receives.", HelpName = "values" };
        var bytes = new Option<long>("--bytes") { Description = "Bytes that can wait in the channel, with 256 for each value. [default: 16777216]", HelpName = "bytes" };
        var command = new Command("make", "Make a channel on the node that the path begins with, and store it there; 'ww anchor rm' removes it.") { path, items, bytes };
        var connect = ConnectOptions.AddTo(command);
        command.Validators.Add(result => NotNegative(result, items.Name, result.GetValue(items)));
        command.Validators.Add(result => NotNegative(result, bytes.Name, result.GetValue(bytes)));
        command.SetAction((parsed, cancellation) => WithAsync(connect.Read(parsed), async node =>
        {
            using var made = await node.AskAsync((channels, stop) => channels.MakeAtAsync(parsed.GetValue(path)!, parsed.GetValue(items), parsed.GetValue(bytes), stop)).ConfigureAwait(false);
            return ExitCode.Success;
        }, cancellation));
        return command;
    }

    private static Command Send()
    {
        var path = Path();
        var value = new Argument<string?>("value") { Description = "What to send; standard input without it.", Arity = ArgumentArity.ZeroOrOne };
        var lines = new Option<bool>("--lines") { Description = "Each line of standard input is a value; otherwise all of it is one." };
        var wait = Wait("Give up after so long without room or a receiver. [default: when interrupted]");
        var command = new Command("send", "Send a value; returns when a receiver was handed it, or when it is in the channel's buffer.") { path, value, lines, wait };
        var connect = ConnectOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(lines) && result.GetValue(value) is not null)
            {
                result.AddError("--lines reads standard input, so there is no value to name.");
            }
        });
        command.SetAction((parsed, cancellation) => WithAsync(connect.Read(parsed), async node =>
        {
            using var channel = await node.AskAsync((channels, stop) => channels.OpenAsync(parsed.GetValue(path)!, stop)).ConfigureAwait(false);
            if (!parsed.GetValue(lines))
            {
                await SendAsync(parsed.GetValue(value) is { } text ? Encoding.UTF8.GetBytes(text) : await StandardInput.ReadAllAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
                return ExitCode.Success;
            }

            using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
            while (await input.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
            {
                await SendAsync(Encoding.UTF8.GetBytes(line)).ConfigureAwait(false);
            }

            return ExitCode.Success;

            Task<bool> SendAsync(byte[] data) => WaitAsync(
                parsed.GetValue(wait),
                "nobody received it, and there was no room",
                async stop =>
                {
                    await channel.SendAsync(data, stop).ConfigureAwait(false);
                    return true;
                },
                cancellation);
        }, cancellation));
        return command;
    }

    private static Command Receive()
    {
        var path = Path();
        var count = new Option<ulong>("--count", "-n") { Description = "Leave after so many values; 0 for when the channel is closed and nothing is left.", HelpName = "values", DefaultValueFactory = _ => 1 };
        var hex = new Option<bool>("--hex") { Description = "Print values in hexadecimal." };
        var json = SharedOptions.Json();
        var wait = Wait("Give up after so long without a value. [default: when interrupted]");
        var command = new Command("recv", "Receive the oldest value, and print it in a line; waits until there is one.") { path, count, hex, json, wait };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(connect.Read(parsed), async node =>
        {
            using var channel = await node.AskAsync((channels, stop) => channels.OpenAsync(parsed.GetValue(path)!, stop)).ConfigureAwait(false);
            var wanted = parsed.GetValue(count);
            for (var seen = 0ul; wanted == 0 || seen < wanted; seen++)
            {
                try
                {
                    using var item = await WaitAsync(parsed.GetValue(wait), "nothing was sent", channel.ReceiveAsync, cancellation).ConfigureAwait(false);
                    Print(item, parsed.GetValue(hex), parsed.GetValue(json));
                }
                catch (RemoteChannelClosedException) when (wanted == 0)
                {
                    return ExitCode.Success;
                }
            }

            return ExitCode.Success;
        }, cancellation));
        return command;
    }

    private static Command Close()
    {
        var path = Path();
        var command = new Command("close", "Close a channel: nothing can be sent any more, what is in its buffer can still be received.") { path };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => WithAsync(connect.Read(parsed), async node =>
        {
            using var channel = await node.AskAsync((channels, stop) => channels.OpenAsync(parsed.GetValue(path)!, stop)).ConfigureAwait(false);
            return await node.AskAsync(async (_, stop) =>
            {
                await channel.CloseAsync(stop).ConfigureAwait(false);
                return ExitCode.Success;
            }).ConfigureAwait(false);
        }, cancellation));
        return command;
    }

    private static void Print(ChannelItem item, bool hex, bool json)
    {
        var kind = item.Capability is null ? AnchorKind.Data : AnchorKind.Capability;
        var text = kind == AnchorKind.Capability ? null : hex ? Convert.ToHexStringLower(item.Data.Span) : Encoding.UTF8.GetString(item.Data.Span);
        Console.WriteLine(json ? JsonSerializer.Serialize(new { kind = kind.ToString(), value = text }) : text ?? $"<{kind}>");
    }

    private static void NotNegative(System.CommandLine.Parsing.CommandResult result, string name, long value)
    {
        if (value < 0)
        {
            result.AddError($"{name} takes no negative number, such as {value}.");
        }
    }

    private static Argument<string> Path() => new("path") { Description = "The anchor of the channel, such as /<peer id>/some/name; a server id as 'ww ls' shows it does as well." };

    private static Option<double?> Wait(string description)
    {
        var option = new Option<double?>("--wait") { Description = description, HelpName = "seconds" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } seconds and not (> 0 and < 86_400))
            {
                result.AddError($"--wait takes seconds between 0 and 86400, not '{seconds}'.");
            }
        });
        return option;
    }

    private static async Task<T> WaitAsync<T>(double? seconds, string late, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (seconds is { } some)
        {
            limit.CancelAfter(TimeSpan.FromSeconds(some));
        }

        try
        {
            return await call(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException($"{late} within {seconds:0.###} s");
        }
    }

    private static async Task<int> WithAsync(Connector connector, Func<Node, Task<int>> run, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        return await run(new Node(client.Session.Channels, connector.Timeout, cancellation)).ConfigureAwait(false);
    }

    /// <summary>The node that was reached, which has so long to answer what takes no waiting for others.</summary>
    private sealed record Node(ChannelClient Channels, TimeSpan Timeout, CancellationToken Cancellation)
    {
        public Task<T> AskAsync<T>(Func<ChannelClient, CancellationToken, Task<T>> ask) => Answers.WithinAsync(Timeout, stop => ask(Channels, stop), Cancellation);
    }
}

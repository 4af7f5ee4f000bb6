using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol;

namespace Wetware.Cli;

/// <summary><c>ww status</c>: what one node knows of its Raft groups.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var json = SharedOptions.Json();
        var command = new Command("status", "Show a node's view of consensus: leader, term, indexes, digest, members.") { json };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(connect.Read(parsed), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Connector connector, bool json, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        foreach (var group in await Answers.WithinAsync(connector.Timeout, client.Session.StatusAsync, cancellation).ConfigureAwait(false))
        {
            if (json)
            {
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    group = group.Group.Value,
                    node = group.Node.ToString(),
                    leader = group.Leader.ToString(),
                    term = group.Term.Value,
                    commit = group.Commit.Value,
                    applied = group.Applied.Value,
                    digest = group.Digest.ToString("x16", CultureInfo.InvariantCulture),
                    voters = group.Voters.Select(voter => voter.ToString()),
                    learners = group.Learners.Select(learner => learner.ToString()),
                }));
                continue;
            }

            Console.WriteLine($"group {group.Group}: node {group.Node}, {Role(group)}, term {group.Term}");
            Console.WriteLine($"  commit {group.Commit}, applied {group.Applied}, digest {group.Digest:x16}");
            Console.WriteLine($"  voters {string.Join(' ', group.Voters)}{(group.Learners.Length > 0 ? "; learners " + string.Join(' ', group.Learners) : "")}");
        }

        return ExitCode.Success;
    }

    private static string Role(GroupStatus group) =>
        group.IsLeader ? "leader"
        : group.Leader == NodeId.None ? $"no leader: {(group.Voters.Length / 2) + 1} of {group.Voters.Length} voters must be up to elect one"
        : $"follows {group.Leader}";
}

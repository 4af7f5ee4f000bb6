using System.Text;
using Wetware.Core;
using Wetware.Raft.Tracking;

namespace Wetware.Raft.Tests.Conformance;

/// <summary>The commands of the configuration change files.</summary>
internal sealed class ConfChangeFiles
{
    private readonly ProgressTracker _tracker = new();
    private LogIndex _lastIndex;

    public static ConfChangeSingle Parse(string token) => new(
        token[0] switch
        {
            'v' => ConfChangeType.AddNode,
            'l' => ConfChangeType.AddLearnerNode,
            'r' => ConfChangeType.RemoveNode,
            'u' => ConfChangeType.UpdateNode,
            _ => throw new InvalidOperationException($"unknown token {token}"),
        },
        new(Directive.Number(token[1..])));

    public string Run(Directive directive)
    {
        var changes = string.Join(' ', directive.Input).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToArray();
        var draft = new ConfDraft(_tracker.Config);
        var error = directive.Command switch
        {
            "simple" => draft.Simple(changes),
            "enter-joint" => draft.EnterJoint(directive.Flag("autoleave"), changes),
            "leave-joint" => draft.LeaveJoint(),
            _ => throw new InvalidOperationException($"unknown command {directive.Command}"),
        };
        var output = error;
        if (error is null)
        {
            _tracker.Install(draft, id => Progress.ForNewMember(id, _lastIndex, 10, ulong.MaxValue));
            output = Print();
        }

        _lastIndex = _lastIndex.Next;
        return output!;
    }

    private string Print()
    {
        var text = new StringBuilder(TextForms.OfConfig(_tracker.Config)).Append('\n');
        foreach (var member in _tracker.Members)
        {
            text.Append($"{member.Id}: {member}\n");
        }

        return text.ToString();
    }
}

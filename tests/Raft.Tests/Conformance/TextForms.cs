using System.Globalization;
using System.Text;
using Wetware.Core;

namespace Wetware.Raft.Tests.Conformance;

/// <summary>How etcd/raft writes messages, entries and Readys.</summary>
internal static class TextForms
{
    public static string Of(in Message message, string indent = "", NodeId vote = default, IReadOnlyList<Message>? responses = null)
    {
        var text = new StringBuilder(indent);
        text.Append(CultureInfo.InvariantCulture, $"{Target(message.From)}->{Target(message.To)} {message.Type} Term:{message.Term} Log:{message.LogTerm}/{message.Index}");
        text.Append(message.Reject ? $" Rejected (Hint: {message.RejectHint})" : "");
        text.Append(message.Commit > LogIndex.Zero ? $" Commit:{message.Commit}" : "");
        text.Append(vote != NodeId.None ? $" Vote:{vote}" : "");
        var entries = message.Entries.Span;
        if (entries.Length == 1)
        {
            text.Append(" Entries:[").Append(Of(entries[0])).Append(']');
        }
        else if (entries.Length > 1)
        {
            text.Append(" Entries:[");
            foreach (ref readonly var entry in entries)
            {
                text.Append('\n').Append(indent).Append("  ").Append(Of(entry));
            }

            text.Append('\n').Append(indent).Append(']');
        }

        if (message.Snapshot is not null)
        {
            text.Append('\n').Append(indent).Append("  Snapshot: ").Append(Of(message.Snapshot));
        }

        if (responses is { Count: > 0 })
        {
            text.Append(" Responses:[");
            foreach (var response in responses)
            {
                text.Append('\n').Append(Of(response, indent + "  "));
            }

            text.Append('\n').Append(indent).Append(']');
        }

        return text.ToString();
    }

    public static string Of(in Entry entry)
    {
        var data = !entry.IsConfChange
            ? $" \"{Encoding.UTF8.GetString(entry.Data.Span)}\""
            : ConfChangeV2.TryDecode(entry, out var change) ? Of(change) : " undecodable";
        return $"{entry.Term}/{entry.Index} Entry{(entry.IsConfChange ? entry.Type : EntryType.Normal)}{data}";
    }

    public static string Of(Snapshot snapshot)
    {
        var (index, term, state) = snapshot.Metadata;
        return $"Index:{index} Term:{term} ConfState:Voters:{Of(state.Voters)} VotersOutgoing:{Of(state.VotersOutgoing)} Learners:{Of(state.Learners)} LearnersNext:{Of(state.LearnersNext)} AutoLeave:{(state.AutoLeave ? "true" : "false")}";
    }

    public static string Of(HardState state) =>
        $"Term:{state.Term}{(state.Vote != NodeId.None ? $" Vote:{state.Vote}" : "")} Commit:{state.Commit}";

    /// <summary>A Ready; what is given to the storage threads counts as messages at the end.</summary>
    public static string Of(Ready ready, IEnumerable<string> storageMessages)
    {
        var text = new StringBuilder();
        if (ready.SoftState is { } soft)
        {
            text.Append(CultureInfo.InvariantCulture, $"Lead:{soft.Leader} State:State{soft.Role}\n");
        }

        text.Append(ready.HardState.IsEmpty ? "" : $"HardState {Of(ready.HardState)}\n");
        Section(text, "Entries:\n", Lines(ready.Entries.Span));
        text.Append(ready.Snapshot is { } snapshot ? $"Snapshot {Of(snapshot)}\n" : "");
        Section(text, "CommittedEntries:\n", Lines(ready.CommittedEntries.Span));
        var messages = new StringBuilder();
        foreach (ref readonly var message in ready.Messages)
        {
            messages.Append(Of(message)).Append('\n');
        }

        messages.AppendJoin("", storageMessages.Select(message => message + "\n"));
        Section(text, "Messages:\n", messages.ToString());
        return text.Length == 0 ? "<empty Ready>" : $"Ready MustSync={(ready.MustSync ? "true" : "false")}:\n{text}";
    }

    public static string Lines(ReadOnlySpan<Entry> entries)
    {
        var text = new StringBuilder();
        foreach (ref readonly var entry in entries)
        {
            text.Append(Of(entry)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A configuration as the configuration change files print it.</summary>
    public static string OfConfig(ConfState state)
    {
        var text = new StringBuilder("voters=" + Set(state.Voters));
        text.Append(state.IsJoint ? "&&" + Set(state.VotersOutgoing) : "");
        text.Append(state.Learners.IsEmpty ? "" : " learners=" + Set(state.Learners));
        text.Append(state.LearnersNext.IsEmpty ? "" : " learners_next=" + Set(state.LearnersNext));
        return text.Append(state.AutoLeave ? " autoleave" : "").ToString();
    }

    private static void Section(StringBuilder text, string header, string body) => text.Append(body.Length == 0 ? "" : header + body);

    private static string Of(ConfChangeV2 change) => string.Concat(change.Changes.Select(single => single.Type switch
    {
        ConfChangeType.AddNode => $" v{single.NodeId}",
        ConfChangeType.AddLearnerNode => $" l{single.NodeId}",
        ConfChangeType.RemoveNode => $" r{single.NodeId}",
        _ => $" u{single.NodeId}",
    }));

    private static string Of(IEnumerable<NodeId> ids) => "[" + string.Join(' ', ids) + "]";

    private static string Set(IEnumerable<NodeId> ids) => "(" + string.Join(' ', ids) + ")";

    private static string Target(NodeId id) =>
        id == NodeId.None ? "None" : id == LocalNodes.AppendThread ? "AppendThread" : id == LocalNodes.ApplyThread ? "ApplyThread" : id.ToString();
}

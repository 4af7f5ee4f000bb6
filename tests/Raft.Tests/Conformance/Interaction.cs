using System.Text;
using Wetware.Core;

namespace Wetware.Raft.Tests.Conformance;

/// <summary>The environment of the scenario files: nodes, messages under way, and the commands that act on them.</summary>
internal sealed class Interaction
{
    private readonly List<HarnessNode> _nodes = [];
    private List<Message> _messages = [];
    private StringBuilder _output = new();
    private bool _isQuiet;

    /// <summary>Does what a case says and returns what it prints.</summary>
    public string Run(Directive directive)
    {
        _output.Clear();
        var error = RunOne(directive);
        if (directive.Command != "propose-conf-change")
        {
            foreach (var line in directive.Input)
            {
                error += RunOne(DatadrivenFile.ParseLine(line));
            }
        }

        var output = (_isQuiet ? "" : _output.ToString()) + error;
        return output.Length == 0 ? "ok" : output;
    }

    private string RunOne(Directive d)
    {
        switch (d.Command)
        {
            case "add-nodes": AddNodes(d); break;
            case "campaign": Node(d.FirstId).Node.Campaign(); break;
            case "compact": return Compact(d);
            case "deliver-msgs": Deliver(d); break;
            case "process-ready": Each(d, "handling Ready", ProcessReady); break;
            case "process-append-thread": Each(d, "processing append thread", ProcessAppend); break;
            case "process-apply-thread": Each(d, "processing apply thread", ProcessApply); break;
            case "log-level": _isQuiet = d.Arguments[0].Key.Equals("none", StringComparison.OrdinalIgnoreCase); break;
            case "raft-log": PrintLog(d.FirstId); break;
            case "raft-state": PrintState(); break;
            case "set-randomized-election-timeout": Node(d.FirstId).Node.Core.RandomizedElectionTicks = (int)d.Numbers("timeout")[0]; break;
            case "stabilize": Stabilize(d); break;
            case "status": PrintStatus(Node(d.FirstId).Node); break;
            case "tick-election": Tick(d.FirstId, Node(d.FirstId).Config.ElectionTicks); break;
            case "tick-heartbeat": Tick(d.FirstId, Node(d.FirstId).Config.HeartbeatTicks); break;
            case "transfer-leadership": Node(d.Numbers("from")[0]).Node.TransferLeader(new(d.Numbers("to")[0])); break;
            case "forget-leader": Node(d.FirstId).Node.ForgetLeader(); break;
            case "send-snapshot": SendSnapshot(d); break;
            case "propose": return ErrorOf(Node(Directive.Number(d.Arguments[0].Key)).Node.Propose(Encoding.UTF8.GetBytes(d.Arguments[1].Key)));
            case "propose-conf-change": return ProposeConfChange(d);
            case "report-unreachable": Node(d.FirstId).Node.ReportUnreachable(new(d.Ids.ElementAt(1))); break;
            default: throw new InvalidOperationException($"line {d.Line}: unknown command {d.Command}");
        }

        return "";
    }

    private HarnessNode Node(ulong id) => _nodes[(int)id - 1];

    private void AddNodes(Directive d)
    {
        var config = new RaftConfig
        {
            Id = new(1),
            Storage = new MemoryStorage(),
            Seed = 0,
            ElectionTicks = 3,
            HeartbeatTicks = 1,
            MessageBytesMax = ulong.MaxValue,
            UncommittedBytesMax = 0,
            InflightMessagesMax = d.Has("inflight") ? (int)d.Numbers("inflight")[0] : int.MaxValue,
            InflightBytesMax = 0,
            ApplyingBytesMax = d.Has("max-committed-size-per-ready") ? d.Numbers("max-committed-size-per-ready")[0] : 0,
            PreVote = d.Flag("prevote"),
            CheckQuorum = d.Flag("checkquorum"),
            AsyncStorageWrites = d.Flag("async-storage-writes"),
            StepDownOnStalledStorage = false,
            StepDownOnRemoval = d.Flag("step-down-on-removal"),
            ValidateConfChanges = !d.Flag("disable-conf-change-validation"),
            ReadMode = d.Values("read-only") is ["lease-based"] ? ReadMode.LeaseBased : ReadMode.Safe,
            Applied = new(d.Has("index") ? d.Numbers("index")[0] : 0),
        };
        var state = new ConfState { Voters = Ids(d, "voters"), Learners = Ids(d, "learners") };
        var start = config.Applied == LogIndex.Zero
            ? null
            : new Snapshot(new(config.Applied, new(1), state), Encoding.UTF8.GetBytes(d.Values("content").FirstOrDefault() ?? ""));
        for (var count = d.FirstId; count > 0; count--)
        {
            _nodes.Add(new(config, (ulong)_nodes.Count + 1, start));
        }
    }

    private static System.Collections.Immutable.ImmutableArray<NodeId> Ids(Directive d, string key) => [.. d.Numbers(key).Select(id => new NodeId(id))];

    private string Compact(Directive d)
    {
        var index = new LogIndex(d.Ids.ElementAt(1));
        var log = Node(d.FirstId).Log;
        if (index < log.FirstIndex)
        {
            return "requested index is unavailable due to compaction";
        }

        log.Compact(index);
        PrintLog(d.FirstId);
        return "";
    }

    private void Deliver(Directive d)
    {
        MessageType? type = d.Values("type") is [var name] ? Enum.Parse<MessageType>(name) : null;
        var count = 0;
        foreach (var (key, values) in d.Arguments)
        {
            count += values.Length == 0 ? Deliver(Directive.Number(key), type, isDropped: false) : 0;
            foreach (var dropped in key == "drop" ? values : [])
            {
                count += Deliver(Directive.Number(dropped), type, isDropped: true);
            }
        }

        _output.Append(count == 0 ? "no messages\n" : "");
    }

    private int Deliver(ulong to, MessageType? type, bool isDropped)
    {
        var taken = _messages.Where(m => m.To.Value == to && !(isDropped && IsLocal(m)) && (type is null || m.Type == type)).ToList();
        _messages = [.. _messages.Where(m => m.To.Value != to || (isDropped && IsLocal(m)) || (type is not null && m.Type != type))];
        foreach (var message in taken)
        {
            _output.Append(isDropped ? "dropped: " : "").Append(TextForms.Of(message)).Append('\n');
            if (!isDropped)
            {
                var result = IsLocal(message) ? Node(to).Node.StepLocal(message) : Node(to).Node.Step(message);
                _output.Append(result == StepResult.Ok ? "" : ErrorOf(result) + "\n");
            }
        }

        return taken.Count;
    }

    private static bool IsLocal(Message message) => message.From == message.To || LocalNodes.Contains(message.From);

    private static string ErrorOf(StepResult result) => result switch
    {
        StepResult.Ok => "",
        StepResult.ProposalDropped => "raft proposal dropped",
        StepResult.PeerNotFound => "raft: cannot step as peer not found",
        _ => result.ToString(),
    };

    private void Each(Directive d, string what, Action<HarnessNode> action)
    {
        foreach (var id in d.Ids)
        {
            if (d.Ids.Count() > 1)
            {
                _output.Append($"> {id} {what}\n");
                Indented(() => action(Node(id)));
            }
            else
            {
                action(Node(id));
            }
        }
    }

    private void Indented(Action action)
    {
        var outer = _output;
        _output = new();
        action();
        foreach (var line in _output.ToString().TrimEnd('\n').Split('\n'))
        {
            outer.Append("  ").Append(line).Append('\n');
        }

        _output = outer;
    }

    private void ProcessReady(HarnessNode node)
    {
        // A new Ready each time: messages under way keep what they carry.
        var ready = new Ready();
        node.Node.Ready(ready);
        var storageMessages = node.Config.AsyncStorageWrites ? Enqueue(node, ready) : [];
        _output.Append(TextForms.Of(ready, storageMessages));
        if (node.Config.AsyncStorageWrites)
        {
            _messages.AddRange(ready.Messages.ToArray());
            return;
        }

        node.Persist(ready.HardState, ready.Entries, ready.Snapshot);
        node.Apply(ready.CommittedEntries);
        _messages.AddRange(ready.Messages.ToArray());
        node.Node.Advance();
    }

    private static List<string> Enqueue(HarnessNode node, Ready ready)
    {
        var printed = new List<string>();
        if (ready.NeedsAppend)
        {
            var work = new Message
            {
                Type = MessageType.MsgStorageAppend,
                From = node.Node.Id,
                To = LocalNodes.AppendThread,
                Term = ready.HardState.Term,
                Commit = ready.HardState.Commit,
                Entries = ready.Entries,
                Snapshot = ready.Snapshot,
            };
            var responses = ready.AfterAppend.ToArray().ToList();
            node.AppendWork.Enqueue((work, ready.HardState, responses));
            printed.Add(TextForms.Of(work, vote: ready.HardState.Vote, responses: responses));
        }

        if (ready.NeedsApply)
        {
            var work = new Message { Type = MessageType.MsgStorageApply, From = node.Node.Id, To = LocalNodes.ApplyThread, Entries = ready.CommittedEntries };
            node.ApplyWork.Enqueue((work, [ready.AfterApply]));
            printed.Add(TextForms.Of(work, responses: [ready.AfterApply]));
        }

        return printed;
    }

    private void ProcessAppend(HarnessNode node)
    {
        if (!node.AppendWork.TryDequeue(out var item))
        {
            _output.Append("no append work to perform");
            return;
        }

        _output.Append("Processing:\n").Append(TextForms.Of(item.Work, vote: item.State.Vote)).Append('\n');
        node.Persist(item.State, item.Work.Entries, item.Work.Snapshot);
        Respond(item.Responses);
    }

    private void ProcessApply(HarnessNode node)
    {
        if (!node.ApplyWork.TryDequeue(out var item))
        {
            _output.Append("no apply work to perform");
            return;
        }

        _output.Append("Processing:\n").Append(TextForms.Of(item.Work)).Append('\n');
        node.Apply(item.Work.Entries);
        Respond(item.Responses);
    }

    private void Respond(List<Message> responses)
    {
        _output.Append("Responses:\n");
        responses.ForEach(response => _output.Append(TextForms.Of(response)).Append('\n'));
        _messages.AddRange(responses);
    }

    private void Stabilize(Directive d)
    {
        var wasQuiet = _isQuiet;
        _isQuiet = d.Values("log-level") is [var level] ? level == "none" : _isQuiet;
        var ids = d.Ids.Any() ? d.Ids.ToList() : [.. Enumerable.Range(1, _nodes.Count).Select(id => (ulong)id)];
        var rounds = 0;
        while (StabilizeOnce(ids))
        {
            Assert.True(++rounds < 10_000, $"line {d.Line}: never stabilizes");
        }

        if (_isQuiet && !wasQuiet)
        {
            _output.Clear();
        }

        _isQuiet = wasQuiet;
    }

    private bool StabilizeOnce(List<ulong> ids)
    {
        var work = false;
        foreach (var id in ids)
        {
            work |= Work(id, "handling Ready", () => Node(id).Node.HasReady, () => ProcessReady(Node(id)), isRepeated: false);
        }

        foreach (var id in ids)
        {
            work |= Work(id, "receiving messages", () => _messages.Any(m => m.To.Value == id), () => Deliver(id, null, isDropped: false), isRepeated: false);
        }

        foreach (var id in ids)
        {
            work |= Work(id, "processing append thread", () => Node(id).AppendWork.Count > 0, () => ProcessAppend(Node(id)), isRepeated: true);
        }

        foreach (var id in ids)
        {
            work |= Work(id, "processing apply thread", () => Node(id).ApplyWork.Count > 0, () => ProcessApply(Node(id)), isRepeated: true);
        }

        return work;
    }

    private bool Work(ulong id, string what, Func<bool> isThere, Action action, bool isRepeated)
    {
        if (!isThere())
        {
            return false;
        }

        _output.Append($"> {id} {what}\n");
        do
        {
            Indented(action);
        }
        while (isRepeated && isThere());

        return true;
    }

    private void PrintLog(ulong id)
    {
        var log = Node(id).Log;
        if (log.LastIndex < log.FirstIndex)
        {
            _output.Append($"log is empty: first index={log.FirstIndex}, last index={log.LastIndex}");
            return;
        }

        var entries = new EntryBuffer();
        Assert.Equal(LogRead.Ok, log.Entries(log.FirstIndex, log.LastIndex.Next, ulong.MaxValue, entries));
        _output.Append(TextForms.Lines(entries.Span));
    }

    private void PrintState()
    {
        foreach (var node in _nodes.Select(n => n.Node))
        {
            var isVoter = node.ConfState.Voters.Contains(node.Id) || node.ConfState.VotersOutgoing.Contains(node.Id);
            _output.Append($"{node.Id}: State{node.SoftState.Role} ({(isVoter ? "Voter" : "Non-Voter")}) Term:{node.HardState.Term} Lead:{node.SoftState.Leader}\n");
        }
    }

    private void PrintStatus(RawNode node)
    {
        if (node.SoftState.Role == Role.Leader)
        {
            foreach (var member in node.Core.Tracker.Members)
            {
                _output.Append($"{member.Id}: {member}\n");
            }
        }
    }

    private void Tick(ulong id, int ticks)
    {
        for (; ticks > 0; ticks--)
        {
            Node(id).Node.Tick();
        }
    }

    private void SendSnapshot(Directive d)
    {
        var (from, to) = (d.FirstId, d.Ids.ElementAt(1));
        Assert.Equal(LogRead.Ok, Node(from).Snapshot(out var snapshot));
        var message = new Message { Type = MessageType.MsgSnap, From = new(from), To = new(to), Term = Node(from).Node.HardState.Term, Snapshot = snapshot };
        _messages.Add(message);
        _output.Append(TextForms.Of(message));
    }

    private string ProposeConfChange(Directive d)
    {
        var changes = string.Join(' ', d.Input).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ConfChangeFiles.Parse).ToList();
        var node = Node(d.FirstId).Node;
        if (d.Flag("v1"))
        {
            return ErrorOf(node.ProposeConfChange(new ConfChange(changes[0].Type, changes[0].NodeId, default)));
        }

        var transition = d.Values("transition") switch
        {
            ["implicit"] => ConfChangeTransition.JointImplicit,
            ["explicit"] => ConfChangeTransition.JointExplicit,
            _ => ConfChangeTransition.Auto,
        };
        return ErrorOf(node.ProposeConfChange(new ConfChangeV2(transition, [.. changes], default)));
    }
}

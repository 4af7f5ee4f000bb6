using System.Text;
using Wetware.Core;

namespace Wetware.Raft.Tests;

/// <summary>
/// A small group in one thread for stories: messages wait in one list, pass a filter when they are delivered, and time
/// passes when the story says so. Nodes persist and apply at once unless told to hold.
/// </summary>
internal sealed class TestCluster
{
    private readonly Func<RaftConfig, RaftConfig> _configure;
    private readonly Dictionary<ulong, TestNode> _nodes = [];
    private readonly List<Message> _messages = [];

    public TestCluster(int size, Func<RaftConfig, RaftConfig>? configure = null, ConfState? config = null)
    {
        _configure = configure ?? (c => c);
        config ??= ConfState.OfVoters([.. Enumerable.Range(1, size).Select(id => new NodeId((ulong)id))]);
        for (var id = 1UL; id <= (ulong)size; id++)
        {
            Add(id, config);
        }
    }

    /// <summary>Whether a message gets through; asked when it is delivered.</summary>
    public Func<Message, bool> Passes { get; set; } = static _ => true;

    public TestNode this[ulong id] => _nodes[id];

    public IEnumerable<TestNode> Nodes => _nodes.Values;

    public IReadOnlyList<Message> Messages => _messages;

    public IEnumerable<ulong> Leaders => _nodes.Values.Where(n => n.Raft.SoftState.Role == Role.Leader).Select(n => n.Id);

    /// <summary>Adds a node that knows the configuration, or nothing at all.</summary>
    public TestNode Add(ulong id, ConfState? config)
    {
        var storage = new MemoryStorage();
        if (config is not null)
        {
            storage.Install(new(new(new(1), new(1), config), default));
        }

        return _nodes[id] = new(id, storage, _configure);
    }

    /// <summary>Crashes a node and starts it again from what it had persisted.</summary>
    public void Restart(ulong id) => _nodes[id] = new(id, _nodes[id].Storage, _configure, _nodes[id].Data);

    /// <summary>Nothing passes to or from these nodes, except among themselves.</summary>
    public void Cut(params ulong[] ids) => Passes = m => ids.Contains(m.From.Value) == ids.Contains(m.To.Value);

    public void Heal() => Passes = static _ => true;

    /// <summary>Campaigns and lets everything settle.</summary>
    public void Elect(ulong id)
    {
        _nodes[id].Raft.Campaign();
        Settle();
        Assert.Equal(Role.Leader, _nodes[id].Raft.SoftState.Role);
    }

    public StepResult Propose(ulong id, string command)
    {
        var result = _nodes[id].Raft.Propose(Encoding.UTF8.GetBytes(command));
        Settle();
        return result;
    }

    public void Change(ulong id, ConfChangeTransition transition, params ConfChangeSingle[] changes)
    {
        Assert.Equal(StepResult.Ok, _nodes[id].Raft.ProposeConfChange(new ConfChangeV2(transition, [.. changes], default)));
        Settle();
    }

    /// <summary>Lets all nodes, or one, live through so many ticks, settling after each.</summary>
    public void Tick(int count, ulong only = 0)
    {
        for (; count > 0; count--)
        {
            foreach (var node in _nodes.Values.Where(n => only == 0 || n.Id == only))
            {
                node.Raft.Tick();
            }

            Settle();
        }
    }

    public void Settle()
    {
        for (var round = 0; Collect() || _messages.Count > 0; round++)
        {
            Assert.True(round < 10_000, "the group never settles");
            Message[] batch = [.. _messages];
            _messages.Clear();
            foreach (var message in batch)
            {
                Deliver(message);
            }
        }
    }

    /// <summary>Handles what the nodes want done, without delivering. True if there was anything.</summary>
    public bool Collect()
    {
        var count = _messages.Count;
        var isBusy = false;
        foreach (var node in _nodes.Values)
        {
            isBusy |= node.Work(_messages);
        }

        return isBusy || _messages.Count > count;
    }

    public void Deliver(Message message)
    {
        if (Passes(message) && _nodes.TryGetValue(message.To.Value, out var node))
        {
            node.Raft.Step(message);
        }
    }

    /// <summary>Takes the messages that wait, for a story that delivers them itself.</summary>
    public List<Message> Take(Func<Message, bool> which)
    {
        var taken = _messages.Where(which).ToList();
        _messages.RemoveAll(m => which(m));
        return taken;
    }
}

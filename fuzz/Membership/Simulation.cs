using Wetware.Core;
using Wetware.Membership.Gossip;

namespace Wetware.Fuzz.Membership;

/// <summary>
/// A cluster in virtual time, from one seed: nodes run the real protocol, the network delays, drops and cuts. Frames of at most a
/// datagram are lost whole; longer ones travel like a stream, late instead of lost. Nothing here reads a clock.
/// </summary>
internal sealed class Simulation : IDisposable
{
    /// <summary>Latency is drawn from 1 to so many milliseconds.</summary>
    internal const int LatencyMs = 8;

    /// <summary>What IP and UDP add to a datagram is not counted, as it is not for the rivals.</summary>
    private const int DatagramBytes = 1_400;

    private const int Horizon = 8_192;
    private const int BacklogMax = 4_096;

    private readonly GossipOptions _options;
    private readonly List<(int To, Frame Frame)>[] _calendar = new List<(int, Frame)>[Horizon];
    private readonly List<SimNode>[] _phases;
    private readonly Dictionary<ulong, int> _byTail = [];
    private readonly Dictionary<Wetware.Core.Multiformats.Multiaddr, int> _byAddress = [];
    private readonly FrameSize _size = new();
    private Prng _prng;

    internal Simulation(ulong seed, GossipOptions options)
    {
        _options = options;
        _prng = new Prng(seed);
        _phases = new List<SimNode>[options.TickMs];
        for (var i = 0; i < _phases.Length; i++)
        {
            _phases[i] = [];
        }
    }

    internal List<SimNode> Nodes { get; } = [];

    internal ulong Now { get; private set; } = 1_000_000;

    /// <summary>The share of datagrams that are lost, from 0 to 1.</summary>
    internal double Loss { get; set; }

    /// <summary>Whether frames from the first do not reach the second; null if all do.</summary>
    internal Func<SimNode, SimNode, bool>? IsLinkCut { get; set; }

    /// <summary>How often a node was told that another left.</summary>
    internal int Departures { get; private set; }

    /// <summary>How often a node stopped believing in another that was up, for whatever reason.</summary>
    internal int FalseDeaths { get; private set; }

    internal ref Prng Random => ref _prng;

    internal SimNode Start(int number, params int[] seeds) => Start(number, 0, seeds);

    /// <summary>Starts a node, in place of an earlier start of the same number.</summary>
    internal SimNode Start(int number, int start, int[] seeds)
    {
        var self = new SimSelf(number, start, new ServerId(_prng.Next()));
        var gossip = new GossipNode(_options, self, Now * 1_000, _prng.Next(), Now);
        foreach (var seed in seeds)
        {
            gossip.AddSeed(SimSelf.AddressOf(seed));
        }

        var node = new SimNode(number, gossip, gossip.Own.Tail);
        var at = _byTail.TryGetValue(node.Tail, out var known) ? known : Nodes.Count;
        if (at == Nodes.Count)
        {
            Nodes.Add(node);
        }
        else
        {
            Nodes[at].IsRunning = false;
            Nodes[at] = node;
        }

        _byTail[node.Tail] = at;
        _byAddress[self.Address] = at;
        _phases[(int)_prng.Below((ulong)_phases.Length)].Add(node);
        return node;
    }

    /// <summary>Starts a cluster in which everybody knows everybody.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isSeeded">Whether everybody knows the first node's address for ever.</param>
    internal void StartWarm(int count, bool isSeeded = true)
    {
        for (var i = 0; i < count; i++)
        {
            Start(i, isSeeded ? [0] : []);
        }

        foreach (var node in Nodes)
        {
            foreach (var other in Nodes)
            {
                node.Node.Preload(other.Node.Own);
            }
        }
    }

    internal void Run(ulong milliseconds)
    {
        for (var end = Now + milliseconds; Now < end;)
        {
            Step();
        }
    }

    /// <summary>Runs until a condition holds, looking every few milliseconds; returns how long it took, or null if it did not in time.</summary>
    internal ulong? RunUntil(Func<bool> holds, ulong limitMs, ulong everyMs = 10)
    {
        var start = Now;
        while (Now - start < limitMs)
        {
            if (holds())
            {
                return Now - start;
            }

            Run(everyMs);
        }

        return holds() ? Now - start : null;
    }

    /// <summary>Lets a node say goodbye and end.</summary>
    internal void Leave(SimNode node)
    {
        node.Node.Leave(Now);
        Drain(node);
        node.IsRunning = false;
    }

    internal void Block(SimNode node, ulong milliseconds) => node.BlockedUntil = Now + milliseconds;

    private void Step()
    {
        Now++;
        if (_calendar[Now % Horizon] is { } due)
        {
            _calendar[Now % Horizon] = null!;
            foreach (var (to, frame) in due)
            {
                Deliver(Nodes[to], frame);
            }
        }

        var phase = _phases[Now % (ulong)_phases.Length];
        for (var i = phase.Count - 1; i >= 0; i--)
        {
            var node = phase[i];
            if (!node.IsRunning)
            {
                phase.RemoveAt(i);
                node.Retire();
            }
            else if (node.IsUp(Now))
            {
                Wake(node);
                node.Node.Tick(Now);
                Drain(node);
            }
        }
    }

    private void Deliver(SimNode node, Frame frame)
    {
        if (!node.IsRunning)
        {
            return;
        }

        if (!node.IsUp(Now))
        {
            if (node.Backlog.Count < BacklogMax)
            {
                node.Backlog.Enqueue(frame);
            }

            return;
        }

        Wake(node);
        node.Node.Receive(frame, Now);
        Drain(node);
    }

    private void Wake(SimNode node)
    {
        while (node.Backlog.TryDequeue(out var frame))
        {
            node.Node.Receive(frame, Now);
            Drain(node);
        }
    }

    private void Drain(SimNode node)
    {
        while (node.Node.TryTakeChange(out var change))
        {
            Judge(change);
        }

        while (node.Node.TryTakeOutgoing(out var outgoing))
        {
            Send(node, in outgoing);
        }
    }

    private void Judge(in MemberChange change)
    {
        Departures += change.Kind == MemberChangeKind.Left ? 1 : 0;
        if (change.Kind != MemberChangeKind.Died || !_byTail.TryGetValue(change.Record.Tail, out var at))
        {
            return;
        }

        var subject = Nodes[at];
        // One that was stopped until a moment ago cannot be told from a dead one by anybody.
        if (subject.IsRunning && Now >= subject.BlockedUntil + 3_000 && !IsCut)
        {
            FalseDeaths++;
        }
    }

    /// <summary>Whether the network is parted, so that lost sight is the truth.</summary>
    internal bool IsCut { get; set; }

    private void Send(SimNode from, in Outgoing outgoing)
    {
        var bytes = _size.Of(outgoing.Frame, Now);
        from.BytesOut += bytes;
        from.FramesOut++;
        int to;
        if (outgoing.To is { } member ? !_byTail.TryGetValue(member.Tail, out to) : !_byAddress.TryGetValue(outgoing.Address!, out to))
        {
            return;
        }

        var delay = _prng.Between(1, LatencyMs);
        if (Nodes[to].Side != from.Side || IsLinkCut?.Invoke(from, Nodes[to]) == true)
        {
            return;
        }

        if (bytes <= DatagramBytes)
        {
            if (_prng.Chance(Loss))
            {
                return;
            }
        }
        else
        {
            // A stream repeats what is lost: each segment that is costs a retransmission timeout.
            for (var segment = bytes / DatagramBytes; segment >= 0; segment--)
            {
                delay += _prng.Chance(Loss) ? 200 : 0;
            }
        }

        var slot = (Now + (ulong)Math.Min(delay, Horizon - 1)) % Horizon;
        (_calendar[slot] ??= []).Add((to, outgoing.Frame));
    }

    public void Dispose() => _size.Dispose();
}

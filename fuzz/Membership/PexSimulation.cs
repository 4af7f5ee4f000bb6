using Wetware.Core;
using Wetware.Membership.Gossip;
using Wetware.Membership.Pex;

namespace Wetware.Fuzz.Membership;

/// <summary>
/// Peer sampling alone, in virtual time, from one seed: nothing but the samplers and a network that delays, loses and cuts. So what is
/// measured is the sampling itself, with no help from full membership.
/// </summary>
internal sealed class PexSimulation
{
    /// <summary>How exact times are, in milliseconds.</summary>
    private const ulong StepMs = 100;
    private const int LatencyMs = 300;

    private readonly PexOptions _options;
    private readonly PriorityQueue<(PexNode From, PexNode To, List<PexEntry> Given, bool IsAnswer), (ulong At, long Order)> _wire = new();
    private readonly Dictionary<ulong, PexNode> _byTail = [];
    private Prng _prng;
    private long _order;

    internal PexSimulation(ulong seed, PexOptions options)
    {
        _options = options;
        _prng = new Prng(seed);
    }

    internal List<PexNode> Nodes { get; } = [];

    internal IEnumerable<PexNode> Running => Nodes.Where(node => node.IsRunning);

    internal ulong Now { get; private set; } = 1_000_000;

    internal GossipCounters Counters { get; } = new();

    /// <summary>The share of exchanges' halves that are lost, from 0 to 1.</summary>
    internal double Loss { get; set; }

    internal ref Prng Random => ref _prng;

    /// <summary>How long a round takes on average: each node begins one exchange in it.</summary>
    internal ulong RoundMs => (ulong)(_options.IntervalMs * 3L / 4);

    /// <summary>Starts a node that knows nobody, or one other.</summary>
    internal PexNode Start(PexNode? knows)
    {
        var own = new SimSelf(Nodes.Count, 0, new ServerId(_prng.Next())).Seal(Now, leave: false);
        var node = new PexNode(Nodes.Count, own, new PeerSampler(_options, own.Tail, Counters, Now, ref _prng));
        if (knows is not null)
        {
            node.Sampler.View.TryAdd(new PexEntry(knows.Own, 1));
        }

        Nodes.Add(node);
        _byTail[own.Tail] = node;
        return node;
    }

    /// <summary>Starts so many nodes that all know the first and nobody else: the worst there is to begin with.</summary>
    internal void StartStar(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Start(Nodes.Count == 0 ? null : Nodes[0]);
        }
    }

    internal void RunRounds(int rounds)
    {
        for (var end = Now + ((ulong)rounds * RoundMs); Now < end;)
        {
            Step();
        }
    }

    /// <summary>In how many views each running node is, by number; only the views of running nodes count.</summary>
    internal int[] InDegrees()
    {
        var degrees = new int[Nodes.Count];
        foreach (var (_, to) in Links())
        {
            degrees[to.Number]++;
        }

        return degrees;
    }

    /// <summary>Who has whom in its view, of running nodes.</summary>
    internal IEnumerable<(PexNode From, PexNode To)> Links()
    {
        foreach (var node in Running)
        {
            for (var i = 0; i < node.Sampler.View.Count; i++)
            {
                yield return (node, _byTail[node.Sampler.View[i].Record.Tail]);
            }
        }
    }

    /// <summary>A random peer of a node's view, by number; -1 if the view is empty.</summary>
    internal int Sample(PexNode node)
    {
        var view = node.Sampler.View;
        return view.Count == 0 ? -1 : _byTail[view[(int)_prng.Below((ulong)view.Count)].Record.Tail].Number;
    }

    /// <summary>Into how many parts running nodes fall that know nothing of each other, whoever knows whom.</summary>
    internal int Components()
    {
        var part = Enumerable.Range(0, Nodes.Count).ToArray();
        foreach (var (from, to) in Links())
        {
            if (to.IsRunning)
            {
                part[Root(part, from.Number)] = Root(part, to.Number);
            }
        }

        return Running.Select(node => Root(part, node.Number)).Distinct().Count();
    }

    private static int Root(int[] part, int at)
    {
        while (part[at] != at)
        {
            at = part[at] = part[part[at]];
        }

        return at;
    }

    private void Step()
    {
        Now += StepMs;
        while (_wire.TryPeek(out var next, out var due) && due.At <= Now)
        {
            _wire.Dequeue();
            Deliver(next.From, next.To, next.Given, next.IsAnswer);
        }

        foreach (var node in Nodes)
        {
            if (node.IsRunning && node.Sampler.TryRepeat(Now, out var to, out var given))
            {
                Send(node, _byTail[to], given, isAnswer: false);
            }

            if (node.IsRunning && node.Sampler.TryBegin(Now, ref _prng, out var partner))
            {
                Send(node, _byTail[partner.Tail], node.Sampler.Give(partner.Tail, node.Own, Now, ref _prng), isAnswer: false);
            }
        }
    }

    private void Send(PexNode from, PexNode to, List<PexEntry> given, bool isAnswer)
    {
        if (!_prng.Chance(Loss) && from.Side == to.Side)
        {
            _wire.Enqueue((from, to, given, isAnswer), (Now + (ulong)_prng.Between(1, LatencyMs), _order++));
        }
    }

    private void Deliver(PexNode from, PexNode to, List<PexEntry> given, bool isAnswer)
    {
        if (!to.IsRunning)
        {
            return;
        }

        if (isAnswer)
        {
            to.Sampler.Take(from.Own.Tail, given, Now, ref _prng);
        }
        else if (to.Sampler.Answer(from.Own.Tail, given, to.Own, Now, ref _prng) is { } answer)
        {
            Send(to, from, answer, isAnswer: true);
        }
    }
}

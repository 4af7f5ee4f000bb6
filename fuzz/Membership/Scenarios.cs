using Wetware.Membership.Gossip;

namespace Wetware.Fuzz.Membership;

/// <summary>The situations a cluster is put in, what is measured of it, and what must hold.</summary>
internal sealed class Scenarios(ulong seed, int nodes, GossipOptions options)
{
    /// <summary>Larger clusters begin as if they had always been there: forming one takes the square of its size.</summary>
    private const int WarmAbove = 1_000;

    private readonly List<string> _failures = [];

    internal static string[] Names { get; } = ["start", "join", "steady", "kill", "loss", "blocked", "partition", "churn", "pex"];

    /// <summary>What was measured, in the order in which it was.</summary>
    internal List<Measurement> Measurements { get; } = [];

    internal List<string> Run(string only)
    {
        Dictionary<string, Action> all = new()
        {
            ["start"] = ColdStart,
            ["join"] = Join,
            ["steady"] = Steady,
            ["kill"] = Kill,
            ["loss"] = Loss,
            ["blocked"] = Blocked,
            ["partition"] = Partition,
            ["churn"] = Churn,
            ["pex"] = () => new PexScenarios(seed, nodes, _failures, Measurements).Run(),
        };
        foreach (var (name, scenario) in all)
        {
            var large = nodes > WarmAbove && name is not ("join" or "steady" or "kill" or "pex");
            if (only.Length == 0 ? name != "churn" && !large : name == only)
            {
                scenario();
            }
        }

        return _failures;
    }

    private static bool IsWhole(Simulation sim, int count) => sim.Nodes.TrueForAll(n => !n.IsRunning || n.Node.Count == count);

    private Simulation Whole(double loss = 0)
    {
        var sim = new Simulation(seed, options);
        if (nodes > WarmAbove)
        {
            sim.StartWarm(nodes);
            sim.Run(30_000);
            return sim;
        }

        for (var i = 0; i < nodes; i++)
        {
            sim.Start(i, 0);
        }

        if (sim.RunUntil(() => IsWhole(sim, nodes), 120_000) is null)
        {
            _failures.Add("the cluster did not form");
        }

        sim.Run(30_000);
        sim.Loss = loss;
        return sim;
    }

    private void ColdStart()
    {
        using var sim = new Simulation(seed, options);
        for (var i = 0; i < nodes; i++)
        {
            sim.Start(i, 0);
        }

        var took = sim.RunUntil(() => IsWhole(sim, nodes), 120_000);
        Report("all start at once, everyone's view is full", took, LimitMs(500, 2_000, 5_000, 30_000));
        Console.WriteLine($"  bytes per node until then: {sim.Nodes.Sum(n => n.BytesOut) / nodes:n0}");
    }

    private void Join()
    {
        using var sim = Whole();
        var (mine, worst) = (0UL, 0UL);
        for (var i = 0; i < 5; i++)
        {
            var member = (int)sim.Random.Below((ulong)nodes);
            var node = sim.Start(nodes + i, member);
            var own = sim.RunUntil(() => node.Node.Count == nodes + i + 1, 30_000, 1);
            var all = sim.RunUntil(() => IsWhole(sim, nodes + i + 1), 30_000, 1);
            mine = Math.Max(mine, own ?? 99_999);
            worst = Math.Max(worst, own is null || all is null ? 99_999 : own.Value + all.Value);
            sim.Run(1_000);
        }

        Report("one joins, its own view is full (worst of 5)", mine, LimitMs(500, 2_000, 5_000, 5_000));
        Report("one joins, everyone's view is full (worst of 5)", worst, LimitMs(500, 2_000, 5_000, 5_000));
    }

    private void Steady()
    {
        using var sim = Whole();
        sim.Run(30_000);
        var before = sim.Nodes.Sum(n => n.BytesOut);
        var frames = sim.Nodes.Sum(n => n.FramesOut);
        sim.Run(60_000);
        var rate = (sim.Nodes.Sum(n => n.BytesOut) - before) / 60.0 / nodes;
        var frameRate = (sim.Nodes.Sum(n => n.FramesOut) - frames) / 60.0 / nodes;
        var goal = nodes <= 100 ? 300 : 600;
        Console.WriteLine($"steady: {rate:0} bytes and {frameRate:0.00} frames per node and second");
        Measurements.Add(new Measurement("bytes per node and second, steady", $"{rate:0} B", $"{goal} B"));
        if (rate > goal)
        {
            _failures.Add("steady bytes per node and second");
        }
    }

    private void Kill()
    {
        using var sim = Whole();
        var times = new List<ulong>();
        // Two are left at least: one alone hears from nobody, and accuses nobody.
        var trials = Math.Min(Math.Clamp(nodes / 4, 3, 20), nodes - 2);
        for (var i = 0; i < trials; i++)
        {
            var victim = Pick(sim);
            victim.IsRunning = false;
            var left = sim.Nodes.Count(n => n.IsRunning);
            times.Add(sim.RunUntil(() => IsWhole(sim, left), 60_000) ?? 99_999);
            sim.Run((ulong)sim.Random.Between(500, 1_500));
        }

        times.Sort();
        Console.WriteLine($"kill to everyone knows, mean of {trials}: {times.Average(t => (double)t):0} ms");
        Report("kill to everyone knows, worst", times[^1], 5_000);
        if (sim.FalseDeaths > 0)
        {
            _failures.Add($"{sim.FalseDeaths} false deaths while killing");
        }
    }

    private void Loss()
    {
        foreach (var loss in new[] { 0.0, 0.1, 0.3 })
        {
            using var sim = Whole(loss);
            var before = sim.Nodes.Sum(n => n.BytesOut);
            sim.Run(600_000);
            var rate = (sim.Nodes.Sum(n => n.BytesOut) - before) / 600.0 / nodes;
            Console.WriteLine($"{loss:0%} loss: {rate:0} bytes per node and second");
            False($"false deaths in 10 minutes at {loss:0%} loss", sim);
            if (!IsWhole(sim, nodes) && loss < 0.2)
            {
                _failures.Add($"views are not whole after {loss:0%} loss");
            }
        }
    }

    private void Blocked()
    {
        using var sim = Whole();
        var picked = new HashSet<SimNode>();
        while (picked.Count < nodes / 4)
        {
            picked.Add(Pick(sim));
        }

        foreach (var node in picked)
        {
            sim.Block(node, 16_000);
        }

        sim.Run(16_000);
        var back = sim.RunUntil(() => IsWhole(sim, nodes), 60_000);
        sim.Run(30_000);
        False("false deaths while a quarter is stopped for 16 s", sim);
        Report("all back after they go on", back, 10_000);
    }

    private void Partition()
    {
        Part(60, "a minute");
        // Longer than the dead are remembered: what brings the halves together then is what each node's sample remembers.
        Part((options.TombstoneMs / 1_000) + 300, $"{(options.TombstoneMs / 60_000) + 5} minutes");
    }

    private void Part(int seconds, string howLong)
    {
        using var sim = Whole();
        for (var i = 0; i < nodes; i++)
        {
            sim.Nodes[i].Side = i % 2;
        }

        sim.IsCut = true;
        var apart = sim.RunUntil(() => sim.Nodes.TrueForAll(n => n.Node.Count == (nodes + 1 - n.Side) / 2), 60_000);
        Report("two halves cut apart, each sees itself", apart, 60_000);
        sim.Run(((ulong)seconds * 1_000) - Math.Min(apart ?? 60_000, 60_000));
        sim.Nodes.ForEach(n => n.Side = 0);
        sim.IsCut = false;
        var before = sim.FalseDeaths;
        Report($"halves cut for {howLong}, healed: one full view", sim.RunUntil(() => IsWhole(sim, nodes), 120_000), seconds <= 60 ? 10_000UL : 60_000UL);
        sim.Run(20_000);
        if (!IsWhole(sim, nodes) || sim.FalseDeaths != before)
        {
            _failures.Add("the healed view did not stay whole");
        }
    }

    private void Churn()
    {
        using var sim = Whole();
        var next = nodes;
        var interval = 600_000UL / (ulong)nodes;
        var memory = new List<long>();
        for (var minute = 0; minute < 60; minute++)
        {
            for (var i = 0; i < nodes / 10; i++)
            {
                Pick(sim).IsRunning = false;
                sim.Start(next++, Pick(sim).Number);
                sim.Run(interval);
            }

            if (minute % 10 == 9)
            {
                memory.Add(GC.GetTotalMemory(forceFullCollection: true) >> 20);
            }
        }

        sim.Run(10_000);
        False("false deaths in an hour in which a tenth of the nodes is replaced each minute", sim);
        Console.WriteLine($"MiB in use every ten minutes: {string.Join(' ', memory)}");
        Measurements.Add(new Measurement("memory after 20 minutes of it, and after 60", $"{memory[1]} and {memory[^1]} MiB", "flat"));
        if (!IsWhole(sim, nodes))
        {
            _failures.Add("views are not whole after churn");
        }

        // The first reading is before anything has been forgotten for the first time.
        if (memory[^1] > memory[1] + (memory[1] / 4) + 1)
        {
            _failures.Add("memory grows under churn");
        }
    }

    private static SimNode Pick(Simulation sim)
    {
        while (true)
        {
            var node = sim.Nodes[(int)sim.Random.Below((ulong)sim.Nodes.Count)];
            if (node.IsRunning && node.Number != 0)
            {
                return node;
            }
        }
    }

    private ulong LimitMs(ulong at48, ulong at100, ulong at250, ulong more) => nodes <= 48 ? at48 : nodes <= 100 ? at100 : nodes <= 250 ? at250 : more;

    private void Report(string what, ulong? took, ulong limit)
    {
        var value = took is null or 99_999 ? "never" : $"{took / 1_000.0:0.00} s";
        Console.WriteLine($"{what}: {value} (goal {limit / 1_000.0:0.##} s)");
        Measurements.Add(new Measurement(what, value, $"{limit / 1_000.0:0.##} s"));
        if (took is null || took > limit)
        {
            _failures.Add(what);
        }
    }

    private void False(string what, Simulation sim)
    {
        Console.WriteLine($"{what}: {sim.FalseDeaths}");
        Measurements.Add(new Measurement(what, $"{sim.FalseDeaths}", "0"));
        if (sim.FalseDeaths > 0)
        {
            _failures.Add(what);
        }
    }
}

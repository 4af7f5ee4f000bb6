using Wetware.Tooling;

// One line an area: its command, and the arguments of its smoke runs.
Area[] areas =
[
    new Area("membership", "clusters of 10 to 10,000 nodes in virtual time: --seed S --nodes N", Wetware.Fuzz.Membership.MembershipFuzz.Run, ["--seed", "1", "--nodes", "48", "--scenario", "kill"]),
    new(Wetware.Fuzz.Capnp.CapnpFuzz.Command(), "--cases 3000", "--canary --cases 100"),
    new(Wetware.Fuzz.Queue.QueueFuzz.Command(), "--runs 20", "--canary --runs 5"),
    new(Wetware.Fuzz.Crawler.CrawlerFuzz.Command(), "--cases 2000"),
    new(Wetware.Fuzz.LogArea.Command(), "--seed 1 --cases 500"),
    new Area("raft", "clusters under faults in virtual time: --seed S --steps N | smoke | canary | soak --minutes M | speed | failover", Wetware.Fuzz.Raft.RaftFuzz.Run, ["smoke", "--seed", "1"]),
    new("processes", "three nodes as processes, killed and stopped while clients write: --seed S --minutes M", Wetware.Fuzz.Processes.ProcessFuzz.Run, ["--seed", "1", "--minutes", "0.2"]),
    new(Wetware.Fuzz.Programs.LinearizabilityFuzz.Command(), "--seed 1 --cases 60"),
    new(Wetware.Fuzz.Mutants.MutantFuzz.Command(), "smoke"),
    new(Wetware.Fuzz.Wasm.WasmFuzz.Command(), "--modules 150 --mutants 1500"),
    new("rpc", "vats over simulated lines, and mutated messages: vats --seed S --cases N [--canary] | frames --seed S --sessions N", Wetware.Fuzz.Rpc.RpcFuzz.Run, ["smoke"]),
];

return Areas.Run("Looks for what breaks Wetware: simulations, hostile input and planted bugs. Every run prints its seed.", areas, args);

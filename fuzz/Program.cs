using Wetware.Tooling;

// One line an area: its command, and the arguments of its smoke runs.
Area[] areas =
[
    new Area("membership", "clusters of 10 to 10,000 nodes in virtual time: --seed S --nodes N", Wetware.Fuzz.Membership.MembershipFuzz.Run, ["--seed", "1", "--nodes", "48", "--scenario", "kill"]),
    new(Wetware.Fuzz.Capnp.CapnpFuzz.Command(), "--cases 3000", "--canary --cases 100"),
    new(Wetware.Fuzz.Queue.QueueFuzz.Command(), "--runs 20", "--canary --runs 5"),
    new(Wetware.Fuzz.Crawler.CrawlerFuzz.Command(), "--cases 2000"),
    new Area("log", "the write-ahead log on a disk that misbehaves: --seed S --cases N", Wetware.Fuzz.Log.LogFuzz.Run, ["--smoke"]),
    new Area("raft", "clusters under faults in virtual time: --seed S --steps N | smoke | canary | soak --minutes M | speed | failover", Wetware.Fuzz.Raft.RaftFuzz.Run, ["smoke", "--seed", "1"]),
    new("processes", "three nodes as processes, killed and stopped while clients write: --seed S --minutes M", Wetware.Fuzz.Processes.ProcessFuzz.Run, ["--seed", "1", "--minutes", "0.2"]),
    new("linearizability", "generated concurrent programs on simulated clusters, checked and shrunk: --seed S --cases N | --minutes M", Wetware.Fuzz.Programs.LinearizabilityFuzz.Run, ["--seed", "1", "--cases", "60"]),
    new("mutants", "planted bugs, which the simulated clusters must find: [NAME ... | list] --seeds N; without a name all of them", Wetware.Fuzz.Mutants.MutantFuzz.Run, ["smoke"]),
    new("wasm", "the WebAssembly engine: generated modules against node's, mutated modules against the validator", Wetware.Fuzz.Wasm.WasmFuzz.Run, Wetware.Fuzz.Wasm.WasmFuzz.Smoke),
    new("rpc", "vats over simulated lines, and mutated messages: vats --seed S --cases N [--canary] | frames --seed S --sessions N", Wetware.Fuzz.Rpc.RpcFuzz.Run, ["smoke"]),
];

return Areas.Run("Looks for what breaks Wetware: simulations, hostile input and planted bugs. Every run prints its seed.", areas, args);

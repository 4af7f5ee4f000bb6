using Wetware.Tooling;

// One line an area: its name, what it does, its entry point, and the arguments of its smoke run (null: none).
Area[] areas =
[
    new Area("membership", "clusters of 10 to 10,000 nodes in virtual time: --seed S --nodes N", Wetware.Fuzz.Membership.MembershipFuzz.Run, ["--seed", "1", "--nodes", "48", "--scenario", "kill"]),
    new("capnp", "damaged messages, packed streams, schemas, JSON and text: --seed S --cases N --canary", Wetware.Fuzz.Capnp.CapnpFuzz.Run, ["--smoke"]),
    new("queue", "three replicas, damaged commands and snapshots: --seed S --runs N --canary", Wetware.Fuzz.Queue.QueueFuzz.Run, ["--smoke"]),
    new("crawler", "hostile pages, robots files and URLs: --seed S --cases N", Wetware.Fuzz.Crawler.CrawlerFuzz.Run, ["--smoke"]),
    new Area("log", "the write-ahead log on a disk that misbehaves: --seed S --cases N", Wetware.Fuzz.Log.LogFuzz.Run, ["--smoke"]),
    new Area("raft", "clusters under faults in virtual time: --seed S --steps N | smoke | canary | soak --minutes M | speed", Wetware.Fuzz.Raft.RaftFuzz.Run, ["smoke", "--seed", "1"]),
    new("processes", "three nodes as processes, killed and stopped while clients write: --seed S --minutes M", Wetware.Fuzz.Processes.ProcessFuzz.Run, ["--seed", "1", "--minutes", "0.2"]),
    new("linearizability", "generated concurrent programs on simulated clusters, checked and shrunk: --seed S --cases N | --minutes M", Wetware.Fuzz.Programs.LinearizabilityFuzz.Run, ["--seed", "1", "--cases", "60"]),
    new("mutants", "planted bugs, which the simulated clusters must find: [NAME ... | list] --seeds N; without a name all of them", Wetware.Fuzz.Mutants.MutantFuzz.Run, ["smoke"]),
    new("wasm", "the WebAssembly engine: generated modules against node's, mutated modules against the validator", Wetware.Fuzz.Wasm.WasmFuzz.Run, Wetware.Fuzz.Wasm.WasmFuzz.Smoke),
    new("rpc", "vats over simulated lines, and mutated messages: vats --seed S --cases N [--canary] | frames --seed S --sessions N", Wetware.Fuzz.Rpc.RpcFuzz.Run, ["smoke"]),
];

return Areas.Run("fuzz", areas, args);

using Wetware.Tooling;

// One line an area: its command, and the arguments of its smoke runs.
Area[] areas =
[
    new(Wetware.Fuzz.MembershipArea.Command(), "--seed 1 --nodes 48 --scenario kill"),
    new(Wetware.Fuzz.Capnp.CapnpFuzz.Command(), "--cases 3000", "--canary --cases 100"),
    new(Wetware.Fuzz.Queue.QueueFuzz.Command(), "--runs 20", "--canary --runs 5"),
    new(Wetware.Fuzz.Crawler.CrawlerFuzz.Command(), "--cases 2000"),
    new(Wetware.Fuzz.LogArea.Command(), "--seed 1 --cases 500"),
    new(Wetware.Fuzz.RaftArea.Command(), "smoke --seed 1"),
    new(Wetware.Fuzz.Processes.ProcessFuzz.Command(), "--seed 1 --minutes 0.2"),
    new(Wetware.Fuzz.Programs.LinearizabilityFuzz.Command(), "--seed 1 --cases 60"),
    new(Wetware.Fuzz.Mutants.MutantFuzz.Command(), "smoke"),
    new(Wetware.Fuzz.Wasm.WasmFuzz.Command(), "--modules 150 --mutants 1500"),
    new(Wetware.Fuzz.Rpc.RpcFuzz.Command(), "vats --cases 400", "vats --canary", "frames --sessions 100"),
];

return Areas.Run("Looks for what breaks Wetware: simulations, hostile input and planted bugs. Every run prints its seed.", areas, args);

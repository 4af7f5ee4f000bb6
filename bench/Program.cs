using Wetware.Tooling;

// One line an area: its command, and the arguments of its smoke runs.
Area[] areas =
[
    new(Wetware.Bench.Capnp.AddressBookBench.Command(), "--smoke"),
    new(Wetware.Bench.Raft.CoreBench.Command(), "--smoke"),
    new(Wetware.Bench.Membership.MembershipBench.Command(), "--smoke"),
    new(Wetware.Bench.Queue.QueueBench.Command(), "--smoke"),
    new(Wetware.Bench.Rpc.Driver.Command(), "smoke"),
    new(Wetware.Bench.Log.LogBench.Command(), "--smoke"),
    new(Wetware.Bench.Checker.CheckerBench.Command(), "--smoke"),
    new(Wetware.Bench.Wasm.WasmBench.Command(), "--smoke"),
    new(Wetware.Bench.Suites.Suites.Command(), "--smoke"),
];

return Areas.Run("Measures Wetware, beside its rivals where they are installed.", areas, args);

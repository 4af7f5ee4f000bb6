using Wetware.Tooling;

// One line an area: its command, and the arguments of its smoke runs.
Area[] areas =
[
    new(Wetware.Bench.Capnp.AddressBookBench.Command(), "--smoke"),
    new(Wetware.Bench.Raft.CoreBench.Command(), "--smoke"),
    new("membership", "the routing table with bytes; its view over TCP and TLS; clusters in virtual time; --real N: nodes as processes", Wetware.Bench.Membership.MembershipBench.Run, ["--smoke"]),
    new(Wetware.Bench.Queue.QueueBench.Command(), "--smoke"),
    new("rpc", "Cap'n Proto RPC: a server and a client to compare with others; tls: what TLS costs beside plain text", Wetware.Bench.Rpc.Driver.Run, ["smoke"]),
    new(Wetware.Bench.Log.LogBench.Command(), "--smoke"),
    new(Wetware.Bench.Checker.CheckerBench.Command(), "--smoke"),
    new("wasm", "the WebAssembly engine beside node's V8: kernels, compile times, instances, calls across the border", Wetware.Bench.Wasm.WasmBench.Run, ["--smoke"]),
    new(Wetware.Bench.Suites.Suites.Command(), "--smoke"),
];

return Areas.Run("Measures Wetware, beside its rivals where they are installed.", areas, args);

using Wetware.Tooling;

// One line an area: its command, and the arguments of its smoke runs.
Area[] areas =
[
    new("capnp", "the encoding: an address book built, written and read, plain and packed, beside C++", Wetware.Bench.Capnp.AddressBookBench.Run, ["--smoke"]),
    new("raft", "the consensus core: propose to apply, bytes per command; three nodes in closed loop, without a disk and synced", Wetware.Bench.Raft.CoreBench.Run, ["--smoke"]),
    new("membership", "the routing table: upsert, lookup, scan, expiry and queries, with bytes", Wetware.Bench.Membership.RoutingBench.Run, ["--smoke"]),
    new("queue", "the queue machine: enqueue, lease and ack of encoded commands, bytes per message; --bdn for BenchmarkDotNet", Wetware.Bench.Queue.QueueBench.Run, ["--smoke"]),
    new("rpc", "Cap'n Proto RPC: a server and a client to compare with others", Wetware.Bench.Rpc.Driver.Run, ["smoke"]),
    new("log", "the write-ahead log: append, recovery scan, and syncs against the raw disk", Wetware.Bench.Log.LogBench.Run, ["--smoke"]),
    new("checker", "linearizability: register histories by search, a queue history by the monitor, a certificate", Wetware.Bench.Checker.CheckerBench.Run, ["--smoke"]),
    new("wasm", "the WebAssembly engine beside node's V8: kernels, compile times, instances, calls across the border", Wetware.Bench.Wasm.WasmBench.Run, ["--smoke"]),
    new("suites", "BenchmarkDotNet: frames, RPC ping, routing table, propose to commit, queue, each with its bytes; --filter GLOB", Wetware.Bench.Suites.Suites.Run, ["--smoke"]),
];

return Areas.Run("Measures Wetware, beside its rivals where they are installed.", areas, args);

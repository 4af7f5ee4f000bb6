@0xb6ab0a1b92ef4d7c;
# What a peer says of itself. Sealed in a libp2p signed envelope of domain "ww-heartbeat/" and the cluster's namespace, and of
# payload type 1f 02, so that a record of one cluster is nothing in another.

struct Heartbeat {
  ttl @0 :UInt32;
  # For how many milliseconds to believe it; zero means ten seconds.

  server @1 :UInt64;
  # One start of the peer's process.

  host @2 :Text;
  # The name of the machine.

  meta @3 :List(Text);
  # Labels, each "key=value".

  seq @4 :UInt64;
  # The number of this heartbeat. Higher wins; of equal numbers the higher server does.

  addrs @5 :List(Data);
  # Where the peer can be dialled: binary multiaddrs. Those of unknown protocols are skipped.

  leaving @6 :Bool;
  # The peer is going, and will not be looked for.
}

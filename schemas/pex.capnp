@0xd6f3b9c2e8a74105;
# Peer sampling: what two peers swap so that each keeps a small random sample of all.

struct Gossip {
  hop @0 :UInt64;
  # How many swaps this record has been through; the sender's own is at zero.

  envelope @1 :Data;
  # A signed heartbeat.
}

struct Exchange {
  records @0 :List(Gossip);
  reply @1 :Bool;
  # Whether this answers another exchange.
}

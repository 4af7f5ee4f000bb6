@0xd6f3b9c2e8a74105;
# The sample of the cluster that a node keeps over restarts. In its file go before it: the eight bytes "ww-pex\r\n", and CRC32C of what
# follows, four bytes, least significant first. It is packed.

struct Gossip {
  hop @0 :UInt64;
  # How many exchanges this record has been through; the sender's own is at zero.

  envelope @1 :Data;
  # A signed heartbeat of at most 2,048 bytes.
}

struct PexView {
  records @0 :List(Gossip);
}

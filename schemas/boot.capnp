@0xf186eae6f37a1aa0;
# How strangers find each other. The ids and the layout are those that Wetware publishes. A packet is packed, in a libp2p signed
# envelope of domain "casm-boot-record" and payload type 1f 00, and a datagram has at most 2,048 bytes.

struct Packet @0xfa005a3c690f4a62 {
  namespace @0 :Text;

  union {
    request :group {
      from @1 :Text;
      # The raw bytes of the sender's peer id.
    }
    survey :group {
      from @2 :Text;
      distance @3 :UInt8;
      # How near, by exclusive or, a peer must be to answer.
    }
    response :group {
      peer @4 :Text;
      addrs @5 :List(Data);
      # Binary multiaddrs.
    }
  }
}

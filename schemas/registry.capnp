@0xd80891e2d4994e85;
# Who in the cluster provides a service, by the service's name.

using Sender = import "channel.capnp".Sender;

interface Registry {
  provide @0 (location :Location, ttl :UInt32) -> (registration :Registration);
  # Lists where a service is, on the node that is asked. It is listed until the last reference to the registration is gone, so at the latest when the
  # connection of its provider ends or its node does, and no longer than `ttl` milliseconds, if that is not 0.

  findProviders @1 (service :Text, chan :Sender(Provider)) -> (nodes :UInt32, silent :UInt32);
  # Sends what the nodes of the cluster list now, as they answer. Returns how many nodes there are, and how many of them did not answer.

  list @2 (service :Text) -> (providers :List(Provider));
  # What the node that is asked lists itself.

  interface Registration {
    renew @0 (ttl :UInt32) -> ();
    # Lists it for so many milliseconds from now on, 0 for no limit. Fails if its time is over already.
  }
}

struct Location {
  service @0 :Text;
  # 1 to 255 bytes of UTF-8 without control characters.

  meta @1 :List(Text);
  union {
    maddrs @2 :List(Multiaddr);
    anchor @3 :AnchorPath;
    custom @4 :AnyPointer;
    # Such as a capability, which whoever finds it can call.
  }

  using Multiaddr = Data;
  using AnchorPath = Text;
}

struct Provider {
  location @0 :Location;
  node @1 :Data;
  # Raw bytes of the peer id of the node that lists it, which has proved it to the node that was asked.

  account @2 :Data;
  # Raw bytes of the peer id with which the provider logged in to that node.
}

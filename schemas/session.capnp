@0xd36d2b21d0c7c2c0;
# The way in: a peer or a client proves who it is and is handed the capabilities that the node's policy grants it.

using View = import "view.capnp".View;
using QueueService = import "service.capnp".QueueService;
using CrawlService = import "service.capnp".CrawlService;
using Executor = import "core.capnp".Executor;
using Consensus = import "consensus.capnp".Consensus;
using Gossip = import "gossip-service.capnp".Gossip;
using PubSub = import "pubsub.capnp";
using Anchor = import "anchor.capnp".Anchor;
using Channels = import "channel.capnp".Channels;
using Registry = import "registry.capnp".Registry;

interface Terminal {
  # The bootstrap capability of every connection.

  login @0 (account :Signer) -> (session :Session);
}

interface Signer {
  sign @0 (challenge :Data) -> (envelope :Data);
  # Signs a challenge once, in a libp2p signed envelope of domain "ww.auth" and payload type de ea.
}

struct Session {
  # What the holder may do. A capability that was not granted is null.

  local @0 :Local;
  view @1 :View;
  queue @2 :QueueService;
  crawler @3 :CrawlService;
  consensus @4 :Consensus;
  # Granted to peers of the cluster, not to clients.

  gossip @5 :Gossip;
  # Granted to peers of the cluster, not to clients.

  executor @6 :Executor;
  pubSub @7 :PubSub.Router;
  anchor @8 :Anchor;
  # The root: its children are the nodes of the cluster, by peer id.

  channels @9 :Channels;
  registry @10 :Registry;
  extra @11 :List(Extra);
  # What the program that embeds the node serves beside the above.

  struct Extra {
    name @0 :Text;
    capability @1 :Capability;
  }

  struct Local {
    # The node that was reached.

    peer @0 :Text;
    # Raw bytes of its peer id.

    server @1 :UInt64;
    host @2 :Text;
    version @3 :Text;
  }
}

@0xe9169a2769716461;
# What a peer shows of the cluster: its routing table, queried where it lies and streamed to whoever asks.

struct Record {
  # What a peer last said of itself, as the answering node knows it.

  peer @0 :Text;
  # The raw bytes of the peer id (a multihash), not its text.

  server @1 :UInt64;
  # One start of the peer's process; another number means that it was restarted.

  seq @2 :UInt64;
  # The number of the heartbeat that this record was read from.

  ttl @3 :UInt32;
  # Milliseconds for which a heartbeat counts.

  host @4 :Text;
  # The name of the machine.

  meta @5 :List(Text);
  # Labels, each "key=value".

  addrs @6 :List(Data);
  # Where the peer can be dialled: binary multiaddrs.
}

struct Index {
  # One key of one index of the routing table.

  prefix @0 :Bool;
  # Whether every key that starts with this one is meant.

  union {
    peer @1 :Text;
    # In base58, as it is printed; the index is in the order of that text.

    server @2 :Text;
    # In sixteen lower-case hexadecimal digits, or the first of them for a prefix.

    host @3 :Text;
    meta @4 :Text;
    # "key=value", or the beginning of it for a prefix.
  }
}

struct Selector {
  union {
    all @0 :Void;
    match @1 :Index;
    from @2 :Index;
    # From the first key that is not below this one.
  }
}

struct Constraint {
  union {
    limit @0 :UInt64;
    to @1 :Index;
    # Up to and including this key.
  }
}

interface View {
  lookup @0 (selector :Selector, constraints :List(Constraint)) -> (record :Record, found :Bool);
  # The first record that the query yields.

  iter @1 (handler :Handler, selector :Selector, constraints :List(Constraint)) -> ();
  # Streams every record that the query yields, from one snapshot of the table, and returns when the last was delivered.
  # A slow handler slows the walk down; cancelling the call ends it.

  reverse @2 () -> (view :View);
  # The same view, walked from the last key to the first.

  follow @3 (follower :Follower, selector :Selector, constraints :List(Constraint)) -> ();
  # Streams what the query yields now, and from then on whatever changes in that, until the call is cancelled or the node stops.
  # A slow follower is told less often, and then of the difference to what it was told last: the node keeps one snapshot for it,
  # no queue. With a limit, the answer is the first so many records of each moment.

  interface Handler {
    recv @0 (records :List(Record)) -> stream;
    # The next records of the answer, one or more, in its order.
  }

  interface Follower {
    recv @0 (changes :List(Change), isCurrent :Bool) -> stream;
    # The next changes. If isCurrent, the follower now has the whole answer as of one moment. The first time that this is so, every change
    # until then was a record of the present answer, in its order; afterwards changes come in no particular order.
  }
}

struct Change {
  # A difference between what a query yields and what it yielded.

  union {
    joined @0 :Record;
    # Yielded now, and not before.

    updated @1 :Record;
    # Yielded before and now, and says something else of its peer than before. A newer heartbeat alone is none.

    left @2 :Record;
    # Yielded before, and not now; the record is the last that was.
  }
}

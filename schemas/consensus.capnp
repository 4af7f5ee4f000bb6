@0xc782bf49c5e0ec7f;
# How the members of Raft groups talk. Messages and their meaning are those of the Raft paper as etcd/raft sends them.

interface Consensus {
  step @0 (messages :List(Message)) -> stream;
  # Messages of any groups, in the order in which they were sent. They may be lost; Raft repairs that.

  snapshot @1 (message :Message, size :UInt64) -> (sink :Sink, from :UInt64);
  # Announces a snapshot message whose data follow in chunks, beginning with offset `from`: what an earlier transfer that broke off left
  # need not be sent again.

  propose @2 (group :UInt64, command :Data) -> (outcome :Outcome);
  # Asks a member that believes to be the leader to replicate a command.

  join @3 (peer :Text, addrs :List(Data), votes :Bool, node :UInt64) -> (leader :UInt64);
  # Asks the leader to add a member. It is added as a learner, and made a voter once it has
  # caught up unless it wants no vote. Its number is made of its peer id and its data folder, so that a peer
  # whose disk was wiped is another member, and takes the place of its former self.
  # Whoever does not lead only says who does; zero is nobody.

  status @4 () -> (groups :List(GroupStatus));

  interface Sink {
    write @0 (chunk :Data) -> stream;
    done @1 (crc :UInt32) -> ();
    # CRC-32C over all chunks. The message is stepped only if it matches.
  }
}

struct Message {
  type @0 :UInt8;
  group @1 :UInt64;
  to @2 :UInt64;
  from @3 :UInt64;
  term @4 :UInt64;
  logTerm @5 :UInt64;
  index @6 :UInt64;
  commit @7 :UInt64;
  vote @8 :UInt64;
  reject @9 :Bool;
  rejectHint @10 :UInt64;
  context @11 :UInt64;
  entries @12 :List(Entry);
  snapshot @13 :SnapshotMetadata;
}

struct Entry {
  term @0 :UInt64;
  index @1 :UInt64;
  type @2 :UInt8;
  data @3 :Data;
}

struct SnapshotMetadata {
  index @0 :UInt64;
  term @1 :UInt64;
  voters @2 :List(UInt64);
  votersOutgoing @3 :List(UInt64);
  learners @4 :List(UInt64);
  learnersNext @5 :List(UInt64);
  autoLeave @6 :Bool;
  witnesses @7 :List(UInt64);
}

struct Outcome {
  union {
    committed :group {
      index @0 :UInt64;
      reply @1 :Data;
    }
    dropped @2 :Text;
    # It was certainly not applied and never will be; says why.

    unknown @3 :Text;
    # It may or may not be applied; says why.
  }
}

struct GroupStatus {
  group @0 :UInt64;
  node @1 :UInt64;
  leader @2 :UInt64;
  term @3 :UInt64;
  commit @4 :UInt64;
  applied @5 :UInt64;
  digest @6 :UInt64;
  # Of the state machine after the applied index; equal on every replica at the same index.

  voters @7 :List(UInt64);
  learners @8 :List(UInt64);
}

@0xd468f5292d3aeb6f;
# The replicated queue machine: what a log entry holds, what the machine answers, and what can be asked without a log entry.

struct Command {
  time @0 :UInt64;
  # Unix milliseconds by the proposer's clock. The machine's clock is the latest that any command claimed.

  session @1 :UInt64;
  # 0 for none. A command of a session takes effect once, however often it is applied.

  sequence @2 :UInt64;
  # Counts the session's commands from 1. At most a window of them may be unanswered.

  union {
    tick @3 :Void;
    # Only moves the clock.

    openSession @4 :Void;
    closeSession @5 :Void;

    createTopic :group {
      name @6 :Text;
      dedupe @7 :Bool;
      # Every message needs a key; a key once accepted is refused for ever.

      attemptsMax @8 :UInt32;
      # Leases that may end without an ack before a message is dead; 0: no limit.

      acceptedMax @9 :UInt64;
      # Messages accepted in the topic's life; 0: no limit.

      messagesMax @10 :UInt64;
      # Messages alive at once; 0: the machine's limit.
    }

    transact @11 :List(Operation);
    # All or nothing.

    lease :group {
      topic @12 :UInt32;
      count @13 :UInt32;
      visibility @14 :UInt32;
      # Milliseconds until the lease runs out.

      bytes @15 :UInt32;
      # Payload bytes at most; 0: the machine's limit. The first message is handed out whatever its size.
    }
  }
}

struct Operation {
  topic @0 :UInt32;

  union {
    enqueue :group {
      delay @1 :UInt32;
      key @2 :Data;
      # Null where the topic does not dedupe.

      payload @3 :Data;
    }

    ack :group {
      offset @4 :UInt64;
      lease @5 :UInt32;
    }

    nack :group {
      offset @6 :UInt64;
      lease @7 :UInt32;
      delay @8 :UInt32;
      givesBack @9 :Bool;
      # The lease does not count as an attempt.
    }

    extend :group {
      offset @10 :UInt64;
      lease @11 :UInt32;
      visibility @12 :UInt32;
    }

    revive @13 :UInt64;
    # The offset of a dead message, which gets all its attempts again.

    drop @14 :UInt64;
    # The offset of a dead message, which leaves.
  }
}

enum Status {
  ok @0;
  malformed @1;
  topicUnknown @2;
  topicDiffers @3;
  topicsFull @4;
  leaseLost @5;
  conflict @6;
  full @7;
  keyMismatch @8;
  notDead @9;
  sessionUnknown @10;
  sessionStale @11;
}

struct Reply {
  status @0 :Status;
  # Anything but ok: the command changed nothing but the clock.

  failed @1 :UInt32;
  # Of a transaction: the index of the operation that stood in the way.

  clock @2 :UInt64;
  # The replicated clock after the command.

  union {
    none @3 :Void;
    session @4 :UInt64;
    topic @5 :UInt32;
    outcomes @6 :List(Outcome);
    messages @7 :List(Message);
  }

  struct Outcome {
    offset @0 :UInt64;
    kind @1 :Kind;

    enum Kind {
      done @0;
      duplicate @1;
      limitReached @2;
    }
  }

  struct Message {
    offset @0 :UInt64;
    lease @1 :UInt32;
    attempts @2 :UInt32;
    deadline @3 :UInt64;
    payload @4 :Data;
  }
}

struct Query {
  union {
    find @0 :Text;
    # A topic's number by its name.

    stats @1 :UInt32;
    # A topic's counts.

    scan :group {
      topic @2 :UInt32;
      from @3 :UInt64;
      count @4 :UInt32;
      bytes @5 :UInt32;
      # Payload bytes at most; 0: the machine's limit.

      deadOnly @6 :Bool;
    }

    topics @7 :Void;
    # All topics.
  }
}

struct Answer {
  status @0 :Status;
  clock @1 :UInt64;

  union {
    none @2 :Void;
    topic @3 :UInt32;
    stats @4 :Stats;
    entries :group {
      list @5 :List(Entry);
      next @6 :UInt64;
      # Where the next scan goes on.
    }
    topics @7 :List(TopicInfo);
  }

  struct Entry {
    offset @0 :UInt64;
    state @1 :UInt16;
    attempts @2 :UInt32;
    payload @3 :Data;
  }

  struct TopicInfo {
    topic @0 :UInt32;
    name @1 :Text;
    stats @2 :Stats;
  }
}

struct Stats {
  ready @0 :UInt64;
  delayed @1 :UInt64;
  leased @2 :UInt64;
  dead @3 :UInt64;
  accepted @4 :UInt64;
  acked @5 :UInt64;
  dropped @6 :UInt64;
  duplicates @7 :UInt64;
  refused @8 :UInt64;
  expired @9 :UInt64;
  nacked @10 :UInt64;
}

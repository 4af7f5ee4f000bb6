@0xf4e0d4c6a1d2b95e;
# The frames of the membership protocol. What travels is one byte that says how the frame is sealed, the packed Frame, and sixteen bytes of
# HMAC-SHA256 over both, under the secret of the two peers and their starts (ECDH of their keys, then HKDF-SHA256).

struct Frame {
  from @0 :UInt64;
  # The last eight bytes of the sender's peer id, most significant first: its short name.

  number @1 :UInt64;
  # Counts the frames from this sender to this receiver, from one. A number that came before, or is far below, is a replay.

  ping @2 :UInt32;
  # A probe to be answered; zero is none.

  ack @3 :UInt32;
  # The probe that this answers; zero is none.

  fingerprint @4 :UInt32;
  # Of the sender's view: exclusive or over its members of a hash of short name, number and server.

  viewCount @5 :UInt32;
  # How many members that view has; zero if no fingerprint is given.

  prune @6 :Bool;
  # Send digests instead of records from now on.

  graft @7 :Bool;
  # Send records again from now on.

  pullAt @8 :UInt32;
  # Asks for a page of the receiver's view, from this place on, counted from one; zero does not.

  pageNext @9 :UInt32;
  # This is a page, and the next begins here; 0xffffffff if it was the last, zero if this is none.

  records @10 :List(Data);
  # Signed envelopes of heartbeats.

  words @11 :List(Word);
  # What is said of members.

  have @12 :List(Digest);
  # Records that the sender has.

  want @13 :List(UInt64);
  # Short names of members whose records the sender wants.

  sync @14 :List(SyncRange);
  # Parts of views, to be compared.

  messages @15 :List(Data);
  # Signed envelopes of topic messages.

  messagesHave @16 :List(MessageId);
  messagesWant @17 :List(MessageId);

  samples @18 :List(Sample);
  # Half of an exchange of samples of the cluster: some of those that the sender keeps, and itself, at hop zero.

  sampleAnswer @19 :Bool;
  # Whether they are given in return for the receiver's.
}

struct Sample {
  tail @0 :UInt64;
  seqLow @1 :UInt32;

  hop @2 :UInt32;
  # How many exchanges the record has been through.

  envelope @3 :Data;
  # The signed heartbeat, at most 2,048 bytes of it, where the receiver may not have it; everybody has those of members.
}

struct Word {
  subject @0 :UInt64;
  # Short name of the member.

  seq @1 :UInt64;
  # Which of its records it is about.

  age @2 :UInt32;
  # Of a voucher: how many milliseconds ago.

  kind @3 :Kind;

  enum Kind {
    reach @0;
    vouch @1;
    alert @2;
    dead @3;
    buried @4;
  }
}

struct Digest {
  tail @0 :UInt64;
  seqLow @1 :UInt32;
}

struct SyncRange {
  depth @0 :UInt8;
  # How many digits of four bits the members' short names share.

  prefix @1 :UInt64;
  # Those digits.

  prints @2 :List(UInt32);
  # Fingerprints of the sixteen sub-parts, or nothing.

  digests @3 :List(Digest);
  # The members, where there are no fingerprints.
}

struct MessageId {
  origin @0 :UInt64;
  number @1 :UInt64;
}

struct TopicMessage {
  # Sealed in an envelope of domain "ww-topic/" and the namespace, and of payload type 1f 03.

  topic @0 :Text;
  number @1 :UInt64;
  data @2 :Data;
}

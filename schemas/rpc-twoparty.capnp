@0xa184c7885cdaf2a1;
# What rpc.capnp leaves to the network, for a network of two vats. File id, names and ordinals are those of the published protocol
# (capnproto.org, rpc-twoparty.capnp); the comments are ours.

enum Side {
  server @0;
  # The vat that was connected to.

  client @1;
  # The vat that connected.
}

struct VatId {
  # One of the two vats.

  side @0 :Side;
}

struct ProvisionId {
  # Between two vats a provision is a part of a join.

  joinId @0 :UInt32;
  # The join.
}

struct RecipientId {}
# There is no third vat to receive anything.

struct ThirdPartyCapId {}
# There is no third vat to hold anything.

struct JoinKeyPart {
  # One part of a join.

  joinId @0 :UInt32;
  # Chosen by the vat that joins.

  partCount @1 :UInt16;
  # How many parts there are.

  partNum @2 :UInt16;
  # Which one this is, from zero.
}

struct JoinResult {
  # The outcome of a join.

  joinId @0 :UInt32;
  # The join.

  succeeded @1 :Bool;
  # Whether all parts were one object.

  cap @2 :AnyPointer;
  # That object.
}

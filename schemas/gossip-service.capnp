@0x822bc48580a18bbc;
# How membership frames travel between two peers that have a connection.

interface Gossip {
  deliver @0 (frame :Data) -> stream;
  # One frame of the membership protocol, authenticated inside; loss is the protocol's to repair.
}

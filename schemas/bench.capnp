@0xbf5147cbbecf40c1;
# What the RPC benchmark's server answers. Its ids and ordinals are those of the benchmark's rivals, so that any client talks to any
# server.

interface Bench {
  ping @0 (x :UInt64) -> (x :UInt64);
  # The smallest call: gives back what it got.

  next @1 () -> (node :Bench);
  # A capability that is new with every call, to pipeline on.

  write @2 (data :Data) -> stream;
  # One piece of a stream; counted, then forgotten.

  done @3 () -> (bytes :UInt64, calls :UInt64);
  # How much was written since it was last asked. Answered after everything that was written before.

  echo @4 (data :Data) -> (data :Data);
  # Gives back what it got.

  put @5 (data :Data) -> ();
  # As write, but an ordinary call, whose window the caller keeps by itself.
}
